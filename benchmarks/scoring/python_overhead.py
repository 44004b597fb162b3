"""Writes a logistic regression of scikit-learn as an MLflow folder, and then times bare calls of it, whenever it is asked to.

    python python_overhead.py FOLDER matrix|table        for org.plimsoll.scoring.PythonOverhead

Each line of standard input, "same CALLS" or "other CALLS", is answered by the median of so many calls for one row, in µs: of the
same hundred rows again and again, which carry what pandas has worked out about them; or each of another row, as requests are.
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


def drawn(count):
    x = rng.normal(size=(count, 20))
    return x if kind == "matrix" else pd.DataFrame(x, columns=[f"c{i}" for i in range(20)])


def rows(asked, count):
    return [asked[i:i + 1] for i in range(count)]


fitted = drawn(500)
model = LogisticRegression().fit(fitted, np.asarray(fitted)[:, :2].sum(axis=1) > 0)
folder.mkdir(parents=True, exist_ok=True)
(folder / "model.pkl").write_bytes(pickle.dumps(model))
(folder / "MLmodel").write_text(
    "flavors:\n  sklearn:\n    pickled_model: model.pkl\n    serialization_format: pickle\n"
    "  python_function:\n    loader_module: mlflow.sklearn\n    model_path: model.pkl\n")

same = rows(fitted, 100)
print("ready", flush=True)
for line in sys.stdin:
    which, calls = line.split()
    calls = int(calls)
    asked = [same[i % 100] for i in range(calls)] if which == "same" else rows(drawn(calls), calls)
    taken = []
    for row in asked:
        began = time.perf_counter()
        model.predict_proba(row)
        taken.append(time.perf_counter() - began)
    print(sorted(taken)[calls // 2] * 1e6, flush=True)
