"""What scikit-learn's pipeline takes for the twenty columns of FeaturesBenchmark: CPU time of one row, and a row of a thousand.

    python originals.py        with scikit-learn 1.9.1, pandas 3.1.1
"""
import time

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction import FeatureHasher
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer, KBinsDiscretizer, MinMaxScaler, OneHotEncoder, OrdinalEncoder, StandardScaler)

rng = np.random.default_rng(1)


def rows(count):
    frame = {}
    for i in range(10):
        frame[f"c{i}"] = 10 * rng.normal(size=count)
    for i in range(10, 18):
        frame[f"c{i}"] = np.array([f"word{k}" for k in rng.integers(0, 12, count)], dtype=object)
    for i in range(18, 20):
        frame[f"c{i}"] = pd.to_datetime(978_307_200_000 + rng.integers(0, 1_000_000, count) * 60_000, unit="ms")
    return pd.DataFrame(frame)


def parts(frame):
    return pd.concat([part for c in frame for part in (frame[c].dt.hour, frame[c].dt.day_of_week, frame[c].dt.month)], axis=1)


def hashed(frame):
    hasher = FeatureHasher(n_features=16, input_type="string", alternate_sign=False)
    return np.hstack([hasher.transform(frame[[c]].values.tolist()).toarray() for c in frame])


def columns(kind, of):
    return [f"c{i}" for i in of if i % 3 == kind]


pipeline = ColumnTransformer([
    ("standardise", make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler()), columns(0, range(10))),
    ("log", make_pipeline(FunctionTransformer(lambda x: np.log1p(np.maximum(x, 0))), MinMaxScaler()), columns(1, range(10))),
    ("bins", KBinsDiscretizer(10, encode="ordinal", quantile_method="linear"), columns(2, range(10))),
    ("one_hot", OneHotEncoder(handle_unknown="ignore", sparse_output=False), columns(0, range(10, 18))),
    ("ordinal", OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), columns(1, range(10, 18))),
    ("hashing", FunctionTransformer(hashed), columns(2, range(10, 18))),
    ("parts", FunctionTransformer(parts), ["c18", "c19"]),
]).fit(rows(5_000))

for count, calls in ((1, 20), (1_000, 5)):
    asked = rows(count)
    best = min(
        (lambda began: [pipeline.transform(asked) for _ in range(calls)] and time.process_time() - began)(time.process_time())
        for _ in range(3))
    print(f"{count} rows: {best / calls / count * 1e6:.1f} µs of CPU a row")
