"""Makes the models of this folder and what they answer, from examples/diabetes, with xgboost 3.2.0, lightgbm 4.7.0 and pandas 3.1.1.

    python3 make.py        in this folder
"""

import pathlib

import lightgbm
import pandas
import xgboost

rows = pandas.read_csv(pathlib.Path(__file__).resolve().parents[6] / "examples/diabetes/diabetes.csv")
target = "progression"
train, holdout = rows.iloc[:300], rows.iloc[300:]
x, y = train.drop(columns=target), train[target]
boosted = xgboost.XGBRegressor(n_estimators=20, max_depth=2, learning_rate=0.3).fit(x, y)
boosted.save_model("model.json")
leafed = lightgbm.LGBMRegressor(n_estimators=20, num_leaves=4, min_child_samples=5, verbose=-1).fit(x, y)
leafed.booster_.save_model("model.txt")
holdout.to_csv("holdout.csv", index=False)
asked = holdout.drop(columns=target).head(5)
pandas.DataFrame({"model.json": boosted.predict(asked), "model.txt": leafed.predict(asked)}).to_csv("answers.csv", index=False)
