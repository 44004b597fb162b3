"""Transforms random columns with scikit-learn and pandas, for FeaturesReferenceTest.

    python reference_features.py ../resources/org/plimsoll/scoring/features-reference.json

with scikit-learn 1.9.1, pandas 3.1.1, numpy 2.4.6. Fitted on `train`, applied to `asked`, which holds values the training never
saw; a missing value is null.
"""
import json
import sys

import numpy as np
import pandas as pd
import sklearn
from sklearn.impute import SimpleImputer
from sklearn.utils import murmurhash3_32
from sklearn.preprocessing import KBinsDiscretizer, MinMaxScaler, OneHotEncoder, OrdinalEncoder, StandardScaler

rng = np.random.default_rng(20261126)
TRAIN, ASKED = 400, 120


def numbers(count, scale):
    values = rng.normal(loc=3, scale=scale, size=count)
    values[rng.random(count) < 0.15] = np.nan
    return values.reshape(-1, 1)


def plain(matrix):
    rows = np.asarray(matrix, dtype=float).reshape(len(matrix), -1)
    return [[None if np.isnan(v) else float(v) for v in row] for row in rows]


def case(declared, type_, train, asked, expected):
    return {"declared": declared, "type": type_, "train": train, "asked": asked, "expected": plain(expected)}


cases = []
for scale in (1.0, 250.0):
    train, asked = numbers(TRAIN, scale), numbers(ASKED, 2 * scale)
    flat = lambda column: [None if np.isnan(v) else float(v) for v in column[:, 0]]
    add = lambda declared, expected: cases.append(case(declared, "number", flat(train), flat(asked), expected))
    for word, strategy in (("mean", "mean"), ("median", "median"), ("most_frequent", "most_frequent")):
        imputer = SimpleImputer(strategy=strategy, add_indicator=True).fit(train)
        add([{"impute": {"with": word, "indicator": True}}], imputer.transform(asked))
    filled = SimpleImputer(strategy="median").fit(train)
    scaler = StandardScaler().fit(filled.transform(train))
    add([{"impute": "median"}, "standardise"], scaler.transform(filled.transform(asked)))
    add(["standardise"], StandardScaler().fit(train).transform(asked))
    add(["min_max"], MinMaxScaler().fit(train).transform(asked))
    low, high = np.nanquantile(train, [0.05, 0.95])
    add([{"clip": {"quantiles": [0.05, 0.95]}}], np.clip(asked, low, high))
    add([{"clip": {"low": -1.5, "high": 4}}, "log"], np.where(np.clip(asked, -1.5, 4) > -1, np.log1p(np.maximum(np.clip(asked, -1.5, 4), -0.999999999)), np.nan))
    known, fresh = train[~np.isnan(train)].reshape(-1, 1), asked.copy()
    bins = KBinsDiscretizer(n_bins=7, encode="ordinal", strategy="quantile", quantile_method="linear", subsample=None).fit(known)
    binned = np.where(np.isnan(fresh), np.nan, bins.transform(np.nan_to_num(fresh)))
    add([{"bins": 7}], binned)

words = ["ATL", "ORD", "DFW", "LAX", "Zürich", "São Paulo", "東京", "a b"]
train = [str(rng.choice(words, p=[.3, .2, .1, .1, .1, .1, .05, .05])) for _ in range(TRAIN)]
asked = [str(rng.choice(words + ["JFK", "Ωmega"])) if rng.random() > 0.1 else None for _ in range(ASKED)]
column = lambda values: np.array(values, dtype=object).reshape(-1, 1)
text = lambda declared, expected: cases.append(case(declared, "text", train, asked, expected))
text([{"one_hot": {}}], OneHotEncoder(handle_unknown="ignore", sparse_output=False).fit(column(train)).transform(column([w or "?" for w in asked])))
ordinal = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan).fit(column(train))
text([{"ordinal": {}}], ordinal.transform(column([w or "?" for w in asked])))
most = max(sorted(set(train)), key=train.count)
text([{"impute": "most_frequent"}, {"ordinal": {}}], ordinal.transform(column([w or most for w in asked])))
# FeatureHasher takes |hash| mod n, we the non-negative remainder of the signed hash: its hash function, our remainder
hashed = np.zeros((ASKED, 16))
for row, word in enumerate(asked):
    if word is not None:
        hashed[row, murmurhash3_32(word, seed=0) % 16] = 1
text([{"hashing": 16}], hashed)
cases.append(case(
    [{"one_hot": {}}], "integer",
    [int(v) for v in rng.integers(-3, 4, TRAIN)],
    [int(v) for v in rng.integers(-5, 6, ASKED)], np.zeros((ASKED, 1))))
integers = cases[-1]
encoder = OneHotEncoder(handle_unknown="ignore", sparse_output=False).fit(column([str(v) for v in integers["train"]]))
integers["expected"] = plain(encoder.transform(column([str(v) for v in integers["asked"]])))

millis = rng.integers(-(10**12), 2 * 10**12, ASKED)
for zone in ("UTC", "Europe/Berlin", "America/Chicago", "Asia/Kolkata"):
    at = pd.to_datetime(pd.Series(millis), unit="ms", utc=True).dt.tz_convert(zone).dt
    parts = np.stack([at.year, at.month, at.day, at.isocalendar().week.astype(int), at.day_of_week + 1, at.day_of_year, at.hour, at.minute], axis=1)
    cases.append(case(
        [{"parts": {"of": ["year", "month", "day", "week", "weekday", "day_of_year", "hour", "minute"], "zone": zone}}],
        "timestamp", [int(v) for v in millis], [int(v) for v in millis], parts))

with open(sys.argv[1], "w") as file:
    json.dump({"by": f"scikit-learn {sklearn.__version__}, pandas {pd.__version__}", "cases": cases}, file, ensure_ascii=False)
