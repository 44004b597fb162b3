"""Trains random models and writes each with its maker's own answers and contributions, for ReferenceModelsTest.

    python reference_models.py DIRECTORY [MODELS] [SEED] [FAMILY]

Each model becomes a folder:
    model.json | model.ubj | model.txt     as its maker wrote it
    about.json       family, what was drawn, versions, rows, features, width
    x.f64            rows x features, little-endian doubles, NaN where missing; floats for XGBoost, which rounds what it is asked
    margins.f32|f64  rows x width, before the link
    answers.f32|f64  rows x width
    contributions.f32|f64   rows x width x (features + 1), the base last

The fixed subset in src/test/resources/org/plimsoll/scoring/models is, of what these wrote, the models of at most 32 KB:
    python reference_models.py MODELS 63 20261126 xgboost    with xgboost 3.2.0
    python reference_models.py MODELS 51 20261126 lightgbm   with lightgbm 4.7.0
    python reference_models.py OLD 21 11 xgboost             with xgboost 1.0.2, 1.2.1, 1.3.3, 1.5.2, 1.7.6, 2.1.4 and 3.1.1
    python reference_models.py OLD 17 11 lightgbm            with lightgbm 2.3.1, 3.1.1, 3.3.5 and 4.3.0,
where the folders of OLD became xgboost-1.7.6-000 and so on.
"""
import json
import pathlib
import sys

import numpy as np


def data(rng, rows, features, missing, categories):
    """Rows of features of several kinds; the last ones categories, as codes; some values missing."""
    x = rng.normal(size=(rows, features))
    x[:, 0] = np.round(x[:, 0], 1)  # ties, so that thresholds fall on values
    if features > 4:
        x[:, 3] = np.round(np.exp(3 * x[:, 3]), 2)  # amounts
        x[:, 4] = rng.integers(-2, 4, rows)  # small whole numbers, zeros among them
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
    numbers = x.shape[1] - len(categories)
    rows[:8] += rng.normal(size=rows[:8].shape)
    for i, count in enumerate(categories):
        column = x.shape[1] - 1 - i
        rows[:8, column] = rng.integers(0, count, 8)
    rows[8, :numbers] = 1e30
    rows[9, :numbers] = -1e30
    rows[10] = np.nan
    rows[11, :numbers] = 0
    rows[12, :numbers] = -0.0
    rows[13] = np.where(rng.random(x.shape[1]) < 0.5, np.nan, rows[13])
    return np.ascontiguousarray(rows)


def unseen(rows, categories):
    """Categories that no training saw, and what is none: fractions, negative and huge ones."""
    for i in range(len(categories)):
        column = rows.shape[1] - 1 - i
        rows[14:20, column] = [categories[i], 5 * categories[i] + 64, 0.5, -0.5, -3, 1e9]


def write(folder, about, x, margins, answers, contributions, kind="f32"):
    width = int(np.size(answers) // len(x))
    about = {**about, "rows": len(x), "features": x.shape[1], "width": width, "kind": kind}
    (folder / "about.json").write_text(json.dumps(about, indent=1, sort_keys=True) + "\n")
    (folder / "x.f64").write_bytes(x.astype("<f8").tobytes())
    dtype = "<f4" if kind == "f32" else "<f8"
    (folder / f"margins.{kind}").write_bytes(np.asarray(margins).astype(dtype).tobytes())
    (folder / f"answers.{kind}").write_bytes(np.asarray(answers).astype(dtype).tobytes())
    if contributions is not None:
        (folder / f"contributions.{kind}").write_bytes(np.asarray(contributions).astype(dtype).tobytes())


OBJECTIVES = [
    "binary:logistic", "binary:logistic", "binary:logistic", "binary:logitraw", "reg:logistic",
    "multi:softprob", "multi:softprob", "reg:squarederror", "reg:squarederror", "reg:absoluteerror",
    "reg:pseudohubererror", "reg:squaredlogerror", "count:poisson", "reg:gamma", "reg:tweedie",
    "rank:ndcg", "rank:pairwise", "rank:map", "reg:quantileerror", "survival:cox", "survival:aft",
]


def since(version):
    """Which version of XGBoost is the first to have this."""
    return tuple(int(part) for part in version.split(".")[:2])


def xgboost(rng, folder, number):
    import xgboost as xgb

    here = since(xgb.__version__)
    objectives = [
        each for each in OBJECTIVES
        if here >= {"reg:absoluteerror": (1, 7), "reg:quantileerror": (2, 0), "survival:aft": (1, 3),
                    "reg:pseudohubererror": (1, 2)}.get(each, (1, 0))
    ]
    objective = objectives[number % len(objectives)]
    features = int(rng.integers(3, 13))
    may = here >= (1, 7)
    categories = [int(rng.integers(2, 150)) for _ in range(int(rng.integers(1, 3)))] if may and rng.random() < 0.4 else []
    rows = int(rng.integers(200, 1500))
    x, signal = data(rng, rows, features, float(rng.choice([0, 0, 0.1, 0.4])), categories)
    x = x.astype(np.float32)
    params = {
        "objective": objective,
        "max_depth": int(rng.choice([1, 2, 3, 4, 6, 8])),
        "eta": float(rng.choice([0.05, 0.3, 1.0])),
        "tree_method": str(rng.choice(["hist", "approx"] if categories else ["hist", "approx", "exact"])),
        "subsample": float(rng.choice([0.6, 1.0])),
        "colsample_bytree": float(rng.choice([0.7, 1.0])),
        "min_child_weight": float(rng.choice([0.1, 1, 10])),
        "reg_alpha": float(rng.choice([0, 0, 1.0])),
        "gamma": float(rng.choice([0, 0, 0.5])),
        "max_bin": int(rng.choice([16, 256])),
        "seed": int(rng.integers(1 << 30)),
        "nthread": 1,
    }
    dart = rng.random() < 0.2
    if dart:
        params.update(
            booster="dart", rate_drop=0.3, one_drop=int(rng.integers(2)), normalize_type=str(rng.choice(["tree", "forest"])))
    elif rng.random() < 0.2 and objective != "reg:absoluteerror":
        params["num_parallel_tree"] = 3
    if rng.random() < 0.3 and params["tree_method"] == "hist":
        params["grow_policy"] = "lossguide"
        params["max_leaves"] = int(rng.integers(2, 40))
        params["max_depth"] = 0
    if rng.random() < 0.2:
        params["monotone_constraints"] = "(" + ",".join(["1"] + ["0"] * (features - 1)) + ")"
    if categories:
        params["max_cat_to_onehot"] = int(rng.choice([1, 4, 100]))
    if objective == "reg:tweedie":
        params["tweedie_variance_power"] = float(rng.choice([1.1, 1.5, 1.9]))
    if objective == "reg:quantileerror":
        params["quantile_alpha"] = float(rng.choice([0.1, 0.5, 0.9]))
    group = None
    if objective.startswith("binary") or objective == "reg:logistic":
        y = (signal > np.quantile(signal, rng.choice([0.5, 0.9]))).astype(np.float32)
        if rng.random() < 0.3:
            params["scale_pos_weight"] = 5.0
    elif objective.startswith("multi"):
        params["num_class"] = int(rng.integers(3, 8))
        y = np.digitize(signal, np.quantile(signal, np.linspace(0, 1, params["num_class"] + 1)[1:-1]))
    elif objective.startswith("rank"):
        y = (signal > 0).astype(np.float32) if objective == "rank:map" else np.clip(np.round(signal), 0, 4)
        group = np.full(rows // 10, 10)
        group[-1] += rows - group.sum()
    elif objective in ("count:poisson", "reg:gamma", "reg:tweedie"):
        y = rng.poisson(np.exp(np.clip(signal / 3, -3, 3))) + (0.5 if objective == "reg:gamma" else 0)
    elif objective == "reg:squaredlogerror":
        y = np.abs(signal)
    elif objective.startswith("survival"):
        y = np.exp(np.clip(signal / 2, -3, 3)) * (1 if objective == "survival:aft" else rng.choice([-1, 1], rows))
    else:
        y = signal * float(rng.choice([1, 1000])) + float(rng.choice([0, 50]))
    if rng.random() < 0.3 and not objective.startswith("multi"):
        params["base_score"] = 0.3
    kinds = {}
    if categories:
        kinds = dict(
            feature_types=["float"] * (features - len(categories)) + ["c"] * len(categories), enable_categorical=True)
    matrix = xgb.DMatrix(
        x,
        label=y,
        weight=rng.random(rows) + 0.5 if rng.random() < 0.3 and group is None else None,
        feature_names=[f"f{i}" for i in range(features)],
        **kinds,
    )
    if group is not None:
        matrix.set_group(group)
    if objective == "survival:aft":
        matrix.set_float_info("label_lower_bound", y.astype(np.float32))
        matrix.set_float_info("label_upper_bound", np.where(rng.random(rows) < 0.3, np.inf, y).astype(np.float32))
    stop = {}
    if rng.random() < 0.2 and not dart and objective in ("binary:logistic", "reg:squarederror", "multi:softprob"):
        stop = dict(evals=[(matrix, "again")], early_stopping_rounds=2, verbose_eval=False)
    booster = xgb.train(params, matrix, int(rng.integers(1, 40)), **stop)
    asked = fresh(rng, x, categories)
    if categories:
        unseen_allowed = asked.copy()
        unseen(unseen_allowed, categories)
        asked = unseen_allowed
    asked = asked.astype(np.float32)
    file = folder / ("model.ubj" if rng.random() < 0.5 and here >= (1, 6) else "model.json")
    booster.save_model(str(file))
    if here >= (1, 1):  # 1.0 cannot read its own pruned trees
        booster = xgb.Booster(model_file=str(file))

    def question():
        return xgb.DMatrix(asked, feature_names=matrix.feature_names, **kinds)

    margins = booster.predict(question(), output_margin=True)
    contributions = booster.predict(question(), pred_contribs=True)
    write(
        folder,
        {"family": "xgboost", "drawn": params, "version": xgb.__version__, "categories": categories},
        asked,
        margins,
        booster.predict(question()),
        contributions,
    )


LIGHTGBM = [
    "binary", "binary", "multiclass", "multiclassova", "regression", "regression_l1", "huber", "fair", "poisson",
    "quantile", "mape", "gamma", "tweedie", "lambdarank", "rank_xendcg", "cross_entropy", "cross_entropy_lambda",
]


def lightgbm(rng, folder, number):
    import lightgbm as lgb

    objective = LIGHTGBM[number % len(LIGHTGBM)]
    if objective == "rank_xendcg" and since(lgb.__version__) < (3, 0):
        objective = "lambdarank"
    features = int(rng.integers(3, 13))
    categories = [int(rng.integers(2, 300)) for _ in range(int(rng.integers(1, 3)))] if rng.random() < 0.5 else []
    rows = int(rng.integers(200, 1500))
    x, signal = data(rng, rows, features, float(rng.choice([0, 0, 0.1, 0.4])), categories)
    params = {
        "objective": objective,
        "num_leaves": int(rng.choice([2, 4, 15, 31, 63])),
        "max_depth": int(rng.choice([-1, -1, 5])),
        "learning_rate": float(rng.choice([0.05, 0.3, 1.0])),
        "min_data_in_leaf": int(rng.choice([1, 20])),
        "min_sum_hessian_in_leaf": float(rng.choice([1e-3, 1])),
        "min_data_per_group": 5,
        "cat_smooth": 1.0,
        "max_cat_to_onehot": int(rng.choice([1, 4])),
        "max_bin": int(rng.choice([15, 255])),
        "use_missing": bool(rng.random() < 0.8),
        "zero_as_missing": bool(rng.random() < 0.25),
        "feature_fraction": float(rng.choice([0.7, 1.0])),
        "extra_trees": bool(rng.random() < 0.1),
        "boosting": str(rng.choice(["gbdt", "gbdt", "dart", "rf", "goss"])),
        "seed": int(rng.integers(1 << 30)),
        "num_threads": 1,
        "deterministic": True,
        "verbose": -1,
    }
    if params["boosting"] == "rf":
        params.update(bagging_freq=1, bagging_fraction=0.6)
    if objective in ("binary", "multiclassova") and rng.random() < 0.5:
        params["sigmoid"] = 1.7
    if objective == "binary" and rng.random() < 0.3:
        params["is_unbalance"] = True
    if objective == "regression" and rng.random() < 0.5:
        params["reg_sqrt"] = True
    if objective == "quantile":
        params["alpha"] = float(rng.choice([0.1, 0.5, 0.9]))
    if rng.random() < 0.3 and objective in ("binary", "regression", "poisson"):
        params["monotone_constraints"] = [1] + [0] * (features - 1)
    group = None
    if objective in ("binary", "cross_entropy", "cross_entropy_lambda"):
        y = (signal > np.quantile(signal, rng.choice([0.5, 0.9]))).astype(np.float32)
    elif objective.startswith("multiclass"):
        params["num_class"] = int(rng.integers(3, 8))
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
        weight=rng.random(rows) + 0.5 if rng.random() < 0.3 else None,
        feature_name=[f"f{i}" for i in range(features)],
        categorical_feature=list(range(features - len(categories), features)),
    )
    booster = lgb.train(params, dataset, int(rng.integers(1, 40)))
    asked = fresh(rng, x, categories)
    unseen(asked, categories)
    booster.save_model(str(folder / "model.txt"))
    loaded = lgb.Booster(model_file=str(folder / "model.txt"))
    write(
        folder,
        {"family": "lightgbm", "drawn": params, "version": lgb.__version__, "categories": categories},
        asked,
        loaded.predict(asked, raw_score=True),
        loaded.predict(asked),
        loaded.predict(asked, pred_contrib=True),
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
