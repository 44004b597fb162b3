"""A LightGBM model over numbers that 32 bits do not hold, with its own margins: shows that x must be as wide as the maker's.

    python lightgbm_doubles.py FOLDER       needs numpy and lightgbm (the files in the repository: 4.7.0)
"""

import json
import pathlib
import sys

import lightgbm
import numpy as np

r = np.random.default_rng(5)
x = 1e6 + r.normal(size=(2000, 4)) * 0.01  # a float of this size has steps of 0.06
y = np.sin(x[:, 0] * 100) + x[:, 1] * 50 % 1 + r.normal(size=2000) * 0.1
x[r.random(x.shape) < 0.05] = np.nan
names = ["a", "b", "c", "d"]
model = lightgbm.train(
    {"objective": "regression", "num_leaves": 12, "verbose": -1, "seed": 1, "num_threads": 1},
    lightgbm.Dataset(x, y, feature_name=names), 10)
rows = x[:80]
folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
model.save_model(folder / "model.txt")
about = dict(
    made=f"LightGBM {lightgbm.__version__}", rows=[[None if np.isnan(v) else v for v in row] for row in rows.tolist()],
    margins=model.predict(rows, raw_score=True).tolist())
(folder / "about.json").write_text(json.dumps(about))
