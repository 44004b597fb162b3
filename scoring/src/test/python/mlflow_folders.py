"""Logs small models with MLflow, as a training script of one's own would, for ModelArtifactTest.

    python mlflow_folders.py ../resources/org/plimsoll/scoring/mlflow

with mlflow 3.17.2, xgboost 3.2.0, lightgbm 4.7.0.
"""
import json
import sys

import lightgbm as lgb
import mlflow.lightgbm
import mlflow.models
import mlflow.xgboost
import numpy as np
import pandas as pd
import xgboost as xgb

out = sys.argv[1]
rng = np.random.default_rng(1)
x = pd.DataFrame(rng.normal(size=(300, 3)), columns=["age", "income", "score"])
y = ((x.age + rng.normal(size=300)) > 0).astype(int)
signature = mlflow.models.infer_signature(x, np.array([0.1], dtype="float32"))

booster = xgb.train({"objective": "binary:logistic", "max_depth": 2}, xgb.DMatrix(x, label=y), 3)
mlflow.xgboost.save_model(booster, f"{out}/xgboost", signature=signature)

unnamed = lgb.train({"objective": "binary", "num_leaves": 3, "verbose": -1}, lgb.Dataset(x.values, label=y), 3)
mlflow.lightgbm.save_model(unnamed, f"{out}/lightgbm", signature=signature)

stopped = xgb.XGBClassifier(n_estimators=60, max_depth=3, learning_rate=1.0, early_stopping_rounds=5)
stopped.fit(x[:200], y[:200], eval_set=[(x[200:], y[200:])], verbose=False)
mlflow.xgboost.save_model(stopped, f"{out}/xgboost-stopped", signature=signature)

asked = x[:5].astype(np.float32)
answers = {
    "rows": asked.values.astype(float).tolist(),
    "xgboost": booster.predict(xgb.DMatrix(asked)).astype(float).tolist(),
    "lightgbm": unnamed.predict(asked.values).tolist(),
}
with open(f"{out}/answers.json", "w") as file:
    json.dump(answers, file)
