"""Trains random models and writes each with its maker's own answers, for ReferenceModelsTest.

    python reference_models.py DIRECTORY [MODELS] [SEED] [FAMILY]

Each model becomes a folder:
    model.json | model.ubj | model.txt | model.onnx      as its maker wrote it
    about.json       family, what was drawn, versions, rows, features, width
    x.f32            rows x features, little-endian floats, NaN where missing
    margins.f32|f64  rows x width, before the link (where the maker gives them)
    answers.f32|f64  rows x width

The fixed subset in src/test/resources/org/plimsoll/scoring/models was written by
    python reference_models.py MODELS 64 20010101 xgboost   with xgboost 3.2.0
    python reference_models.py MODELS 36 20010101 lightgbm  with lightgbm 4.7.0
    python reference_models.py OLD 18 11 xgboost            with xgboost 1.7.6 and with 2.1.4,
where the folders of OLD became xgboost-1.7.6-000 and so on.
"""
import json
import pathlib
import sys

import numpy as np


def data(rng, rows, features, missing, categories):
    """Rows of normal features; the last ones categories, as codes; some values missing."""
    x = rng.normal(size=(rows, features)).astype(np.float32)
    x[:, 0] = np.round(x[:, 0], 1)  # ties, so that thresholds fall on values
    for i, count in enumerate(categories):
        x[:, features - 1 - i] = rng.integers(0, count, rows)
    x[rng.random(x.shape) < missing] = np.nan
    signal = np.nan_to_num(x[:, 0]) + np.nan_to_num(x[:, 1]) * np.nan_to_num(x[:, 2]) + 0.5 * np.isnan(x[:, 1])
    for i, count in enumerate(categories):
        effects = rng.normal(size=count)
        code = np.nan_to_num(x[:, features - 1 - i]).astype(int)
        signal = signal + effects[code]
    return x, signal + rng.normal(size=rows)


def fresh(rng, x, categories):
    """Rows to be asked: as in training, and values the training never saw."""
    rows = x[rng.integers(0, len(x), 48)].copy()
    rows[:8] += rng.normal(size=rows[:8].shape).astype(np.float32)
    for i, count in enumerate(categories):
        column = x.shape[1] - 1 - i
        rows[:8, column] = rng.integers(0, count, 8)
    rows[8, : x.shape[1] - len(categories)] = 1e30
    rows[9, : x.shape[1] - len(categories)] = -1e30
    rows[10] = np.nan
    return np.ascontiguousarray(rows, dtype=np.float32)


def write(folder, about, x, margins, answers, kind="f32"):
    about = {**about, "rows": len(x), "features": x.shape[1], "width": int(np.size(answers) // len(x)), "kind": kind}
    (folder / "about.json").write_text(json.dumps(about, indent=1, sort_keys=True) + "\n")
    (folder / "x.f32").write_bytes(x.astype("<f4").tobytes())
    dtype = "<f4" if kind == "f32" else "<f8"
    if margins is not None:
        (folder / f"margins.{kind}").write_bytes(np.asarray(margins).astype(dtype).tobytes())
    (folder / f"answers.{kind}").write_bytes(np.asarray(answers).astype(dtype).tobytes())


OBJECTIVES = [
    "binary:logistic", "binary:logistic", "binary:logistic", "binary:logitraw", "reg:logistic",
    "multi:softprob", "multi:softprob", "reg:squarederror", "reg:squarederror", "reg:absoluteerror",
    "reg:pseudohubererror", "reg:squaredlogerror", "count:poisson", "reg:gamma", "reg:tweedie",
    "rank:ndcg", "rank:pairwise", "rank:map",
]


def xgboost(rng, folder, number):
    import xgboost as xgb

    objective = OBJECTIVES[number % len(OBJECTIVES)]
    features = int(rng.integers(3, 9))
    categories = [int(rng.integers(2, 40))] if rng.random() < 0.4 else []
    rows = int(rng.integers(200, 1200))
    x, signal = data(rng, rows, features, float(rng.choice([0, 0, 0.1, 0.4])), categories)
    params = {
        "objective": objective,
        "max_depth": int(rng.choice([1, 2, 3, 4, 6])),
        "eta": float(rng.choice([0.05, 0.3, 1.0])),
        "tree_method": str(rng.choice(["hist", "approx"] if categories else ["hist", "approx", "exact"])),
        "subsample": float(rng.choice([0.6, 1.0])),
        "seed": int(rng.integers(1 << 30)),
        "nthread": 1,
    }
    if rng.random() < 0.2:
        params["booster"] = "dart"
        params["rate_drop"] = 0.3
    elif rng.random() < 0.2 and objective != "reg:absoluteerror":
        params["num_parallel_tree"] = 3
    if rng.random() < 0.3 and params["tree_method"] == "hist":
        params["grow_policy"] = "lossguide"
        params["max_leaves"] = int(rng.integers(2, 20))
        params["max_depth"] = 0
    if categories:
        params["max_cat_to_onehot"] = int(rng.choice([1, 4, 100]))
    group = None
    if objective.startswith("binary") or objective == "reg:logistic":
        y = (signal > np.quantile(signal, rng.choice([0.5, 0.9]))).astype(np.float32)
    elif objective.startswith("multi"):
        params["num_class"] = int(rng.integers(3, 6))
        y = np.digitize(signal, np.quantile(signal, np.linspace(0, 1, params["num_class"] + 1)[1:-1]))
    elif objective.startswith("rank"):
        y = (signal > 0).astype(np.float32) if objective == "rank:map" else np.clip(np.round(signal), 0, 4)
        group = np.full(rows // 10, 10)
        group[-1] += rows - group.sum()
    elif objective in ("count:poisson", "reg:gamma", "reg:tweedie"):
        y = rng.poisson(np.exp(np.clip(signal / 3, -3, 3))) + (0.5 if objective == "reg:gamma" else 0)
    elif objective == "reg:squaredlogerror":
        y = np.abs(signal)
    else:
        y = signal * float(rng.choice([1, 1000])) + float(rng.choice([0, 50]))
    if rng.random() < 0.3 and not objective.startswith("multi"):
        params["base_score"] = 0.3
    matrix = xgb.DMatrix(
        x,
        label=y,
        weight=rng.random(rows) + 0.5 if rng.random() < 0.3 and group is None else None,
        feature_names=[f"f{i}" for i in range(features)],
        feature_types=["float"] * (features - len(categories)) + ["c"] * len(categories),
        enable_categorical=True,
    )
    if group is not None:
        matrix.set_group(group)
    booster = xgb.train(params, matrix, int(rng.integers(1, 25)))
    asked = fresh(rng, x, categories)
    question = xgb.DMatrix(
        asked, feature_names=matrix.feature_names, feature_types=matrix.feature_types, enable_categorical=True
    )
    booster.save_model(folder / ("model.ubj" if rng.random() < 0.5 else "model.json"))
    write(
        folder,
        {"family": "xgboost", "drawn": params, "version": xgb.__version__, "categories": categories},
        asked,
        booster.predict(question, output_margin=True),
        booster.predict(question),
    )


LIGHTGBM = [
    "binary", "binary", "multiclass", "multiclassova", "regression", "regression_l1", "huber", "fair", "poisson",
    "quantile", "mape", "gamma", "tweedie", "lambdarank", "rank_xendcg", "cross_entropy",
]


def lightgbm(rng, folder, number):
    import lightgbm as lgb

    objective = LIGHTGBM[number % len(LIGHTGBM)]
    features = int(rng.integers(3, 9))
    categories = [int(rng.integers(2, 80))] if rng.random() < 0.5 else []
    rows = int(rng.integers(200, 1200))
    x, signal = data(rng, rows, features, float(rng.choice([0, 0, 0.1, 0.4])), categories)
    params = {
        "objective": objective,
        "num_leaves": int(rng.choice([2, 4, 15, 31])),
        "learning_rate": float(rng.choice([0.05, 0.3, 1.0])),
        "min_data_in_leaf": int(rng.choice([1, 20])),
        "min_data_per_group": 5,
        "cat_smooth": 1.0,
        "max_cat_to_onehot": int(rng.choice([1, 4])),
        "use_missing": bool(rng.random() < 0.8),
        "boosting": str(rng.choice(["gbdt", "gbdt", "dart", "rf"])),
        "seed": int(rng.integers(1 << 30)),
        "num_threads": 1,
        "deterministic": True,
        "verbose": -1,
    }
    if params["boosting"] == "rf":
        params.update(bagging_freq=1, bagging_fraction=0.6)
    if objective == "binary" and rng.random() < 0.5:
        params["sigmoid"] = 1.7
    group = None
    if objective in ("binary", "cross_entropy"):
        y = (signal > np.quantile(signal, rng.choice([0.5, 0.9]))).astype(np.float32)
    elif objective.startswith("multiclass"):
        params["num_class"] = int(rng.integers(3, 6))
        y = np.digitize(signal, np.quantile(signal, np.linspace(0, 1, params["num_class"] + 1)[1:-1]))
    elif objective in ("lambdarank", "rank_xendcg"):
        y = np.clip(np.round(signal), 0, 4).astype(int)
        group = np.full(rows // 10, 10)
        group[-1] += rows - group.sum()
    elif objective in ("poisson", "gamma", "tweedie"):
        y = rng.poisson(np.exp(np.clip(signal / 3, -3, 3))) + (0.5 if objective == "gamma" else 0)
    else:
        y = signal * float(rng.choice([1, 1000])) + float(rng.choice([0, 50]))
    dataset = lgb.Dataset(
        x,
        label=y,
        group=group,
        feature_name=[f"f{i}" for i in range(features)],
        categorical_feature=[features - 1] if categories else [],
    )
    booster = lgb.train(params, dataset, int(rng.integers(1, 25)))
    asked = fresh(rng, x, categories)
    booster.save_model(folder / "model.txt")
    loaded = lgb.Booster(model_file=folder / "model.txt")
    write(
        folder,
        {"family": "lightgbm", "drawn": params, "version": lgb.__version__, "categories": categories},
        asked,
        loaded.predict(asked, raw_score=True),
        loaded.predict(asked),
        "f64",
    )


FAMILIES = {"xgboost": xgboost, "lightgbm": lightgbm}


def main():
    target = pathlib.Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 64
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 20010101
    families = [sys.argv[4]] if len(sys.argv) > 4 else list(FAMILIES)
    for family in families:
        for number in range(count):
            folder = target / f"{family}-{number:03d}"
            folder.mkdir(parents=True, exist_ok=True)
            FAMILIES[family](np.random.default_rng([seed, number]), folder, number)


if __name__ == "__main__":
    main()
