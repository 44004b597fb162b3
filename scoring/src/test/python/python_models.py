"""Logs models that only Python opens, with MLflow as a training script would, and what they answer, for PythonEngineTest.

    python python_models.py FOLDER

Writes FOLDER/NAME (MLflow model folders), FOLDER/rows.json (columns) and FOLDER/answers.json (the answers of Python itself).
"""
import json
import os
import sys

import mlflow.models
import mlflow.pyfunc
import mlflow.sklearn
import numpy as np
import pandas as pd
import sklearn
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

out = sys.argv[1]
rng = np.random.default_rng(5)
n = 400
x = pd.DataFrame({
    "age": rng.normal(45, 12, n).round(1),
    "city": rng.choice(["Oslo", "Łódź", "São Paulo"], n),
    "visits": rng.integers(0, 9, n),
    "member": rng.random(n) > 0.5,
})
x.loc[::7, "age"] = np.nan
x.loc[::5, "city"] = np.nan
truth = (np.nan_to_num(x.age, nan=45) / 20 + x.visits / 4 + (x.city == "Oslo") + rng.normal(size=n) > 4).astype(int)
words = np.array(["no", "yes"])[truth]


def pipeline(last):
    return make_pipeline(
        make_column_transformer(
            (make_pipeline(SimpleImputer(add_indicator=True), StandardScaler()), ["age", "visits"]),
            (OneHotEncoder(handle_unknown="ignore"), ["city"]),
            ("passthrough", ["member"])),
        last)


REQUIREMENTS = ["scikit-learn==" + sklearn.__version__, "numpy", "pandas"]


def save(name, model, **more):
    mlflow.sklearn.save_model(model, os.path.join(out, name), pip_requirements=REQUIREMENTS, **more)


answers = {}
signature = mlflow.models.infer_signature(x, np.array([1]))

binary = pipeline(LogisticRegression()).fit(x, truth)
save("binary", binary, signature=signature, serialization_format="cloudpickle")
answers["binary"] = binary.predict_proba(x)[:, 1]

worded = pipeline(RandomForestClassifier(20, max_depth=4, random_state=1)).fit(x, words)
save("worded", worded, serialization_format="cloudpickle")
answers["worded"] = worded.predict_proba(x)[:, 1]

three = pipeline(RandomForestClassifier(20, max_depth=4, random_state=1)).fit(x, rng.integers(0, 3, n))
save("three", three, serialization_format="pickle")
answers["three"] = three.predict_proba(x).ravel()

regression = pipeline(RandomForestRegressor(20, max_depth=4, random_state=1)).fit(x, x.visits * 2.5 + truth)
save("regression", regression, serialization_format="cloudpickle")
answers["regression"] = regression.predict(x)

unnamed = LogisticRegression().fit(x[["visits", "member"]].to_numpy(dtype=float), truth)
save("unnamed", unnamed, serialization_format="cloudpickle")
answers["unnamed"] = unnamed.predict_proba(x[["visits", "member"]].to_numpy(dtype=float))[:, 1]


class Own(mlflow.pyfunc.PythonModel):
    """Says what it can see, so that a test can ask it; misbehaves where a row tells it to."""

    def predict(self, context, model_input, params=None):
        import os
        import socket
        import subprocess
        import time
        asked = model_input["city"].iloc[0]
        if asked == "raise":
            raise ValueError("no such city: raise")
        if asked == "exit":
            print("going down", file=__import__("sys").stderr, flush=True)
            os._exit(7)
        if asked == "hang":
            time.sleep(3600)
        if asked == "child":
            subprocess.Popen(["sleep", "3599"])
            time.sleep(3600)
        if asked == "memory":
            bytearray(64 << 30)
        found = 0
        if asked == "network":
            try:
                socket.create_connection(("127.0.0.1", int(model_input["visits"].iloc[0])), timeout=2).close()
                found = 1
            except OSError:
                found = 0
        if asked == "secret":
            found = len([name for name in os.environ if "SECRET" in name or "TOKEN" in name])
        if asked == "home":
            try:
                found = len(os.listdir("/root")) + len(os.listdir("/home"))
            except OSError:
                found = 0
        if asked == "descriptors":
            links = [f"/proc/self/fd/{fd}" for fd in range(3, 64)]
            held = [os.readlink(link) for link in links if os.path.islink(link)]
            found = len(held) - sum(each.startswith("socket:") for each in held[:1])  # its own conversation with the server
        if asked == "write":
            try:
                open("/tmp/plimsoll-was-here", "w").close()
                found = 1
            except OSError:
                found = 0
        return pd.DataFrame({"probability": model_input["visits"] / 10.0, "found": float(found)})


mlflow.pyfunc.save_model(os.path.join(out, "own"), python_model=Own(), signature=signature, pip_requirements=REQUIREMENTS)
answers["own"] = x.visits / 10.0


def plain(values):
    return [None if isinstance(value, float) and np.isnan(value) else value for value in values.tolist()]


rows = {name: plain(x[name]) for name in x}
rows["label"] = truth.tolist()
rows["word"] = words.tolist()
with open(os.path.join(out, "rows.json"), "w") as file:
    json.dump(rows, file)
with open(os.path.join(out, "answers.json"), "w") as file:
    json.dump({name: np.asarray(values).tolist() for name, values in answers.items()}, file)
