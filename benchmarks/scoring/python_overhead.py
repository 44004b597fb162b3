"""Writes a logistic regression of scikit-learn as an MLflow folder, and says what one bare call for one row takes: µs, median.

    python python_overhead.py FOLDER matrix|table        for org.plimsoll.scoring.PythonOverhead
"""
import os
import pathlib
import pickle
import sys
import time

for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ[library + "_NUM_THREADS"] = "1"  # as the server's own processes are

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

folder, kind = pathlib.Path(sys.argv[1]), sys.argv[2]
rng = np.random.default_rng(1)
x = rng.normal(size=(500, 20))
asked = x if kind == "matrix" else pd.DataFrame(x, columns=[f"c{i}" for i in range(20)])
model = LogisticRegression().fit(asked, x[:, 0] + x[:, 1] > 0)
folder.mkdir(parents=True, exist_ok=True)
(folder / "model.pkl").write_bytes(pickle.dumps(model))
(folder / "MLmodel").write_text(
    "flavors:\n  sklearn:\n    pickled_model: model.pkl\n    serialization_format: pickle\n"
    "  python_function:\n    loader_module: mlflow.sklearn\n    model_path: model.pkl\n")

rows = [asked[i:i + 1] for i in range(100)]
best = float("inf")
for _ in range(5):
    taken = []
    for i in range(2_000):
        began = time.perf_counter()
        model.predict_proba(rows[i % 100])
        taken.append(time.perf_counter() - began)
    best = min(best, sorted(taken)[1_000])
print(best * 1e6)
