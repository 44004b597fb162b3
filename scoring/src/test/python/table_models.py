"""Trains models on tables of pandas as people have them, and records what Python answers for other rows: the reference of
TableModelsTest.

    python table_models.py FOLDER [COUNT [SEED [MOST]]]

models of fewer than MOST trees; needs numpy, pandas, scikit-learn, xgboost 3.1 or later, lightgbm. Each model is a folder:

    model.json | model.ubj | model.txt     as its maker wrote it, through scikit-learn's interface or its own
    about.json   how it was made; task and its classes; columns with their types; rows; the answers, doubles in full

Columns are numbers, whole numbers, booleans and categories: words, whole numbers; some values are missing. Numbers stand at
thresholds and half a unit in the last place of a float beside them. The rows asked have categories in another order than the
training, and for LightGBM some that it did not see. The fixed subset in the repository is
    python table_models.py ../resources/org/plimsoll/scoring/tables 24 7 8    with
pandas 3.1.1, xgboost 3.2.0, lightgbm 4.7.0.
"""
import json
import pathlib
import sys

import lightgbm as lgb
import numpy as np
import pandas as pd
import xgboost as xgb

ROWS = 40
WORDS = ["ATL", "ORD", "DFW", "New York", "x,y", "b\"q", "1", "yes", "Ab", "ab", "_", "zz"]


def table(rng, rows):
    """The columns by name: name -> (type in Plimsoll, series)."""
    columns = {}
    for i in range(int(rng.integers(1, 4))):
        values = rng.normal(size=rows) * 10.0 ** rng.integers(-3, 6)
        if rng.random() < 0.4:
            values = np.round(values, 1)
        values[rng.random(rows) < rng.choice([0, 0.2])] = np.nan
        columns[f"number{i}"] = ("number", pd.Series(values))
    if rng.random() < 0.5:
        columns["count"] = ("integer", pd.Series(rng.integers(-3, 9, rows)))
    if rng.random() < 0.5:
        columns["flag"] = ("boolean", pd.Series(rng.random(rows) < 0.5))
    words = list(rng.permutation(WORDS)[: int(rng.integers(2, len(WORDS)))])
    chosen = pd.Series(rng.choice(words, rows), dtype="object")
    chosen[rng.random(rows) < rng.choice([0, 0.1])] = None
    columns["word"] = ("category", chosen.astype("category"))
    if rng.random() < 0.6:
        codes = rng.permutation(200)[: int(rng.integers(2, 40))]
        columns["code"] = ("integer", pd.Series(rng.choice(codes, rows)).astype("category"))
    names = [str(name) for name in rng.permutation(list(columns))]
    return {name: columns[name] for name in names}


def signal(rng, columns, rows):
    total = np.zeros(rows)
    for kind, series in columns.values():
        if str(series.dtype) == "category":
            effects = rng.normal(size=len(series.cat.categories) + 1)
            total += effects[series.cat.codes.to_numpy()]
        else:
            values = np.nan_to_num(series.to_numpy(dtype=float))
            total += values / (np.abs(values).max() + 1e-9)
    return total + rng.normal(size=rows) * 0.5


def edges(rng, booster_thresholds, frame, numbers):
    """Values at thresholds and half a unit in the last place of a float beside them."""
    for name in numbers:
        if booster_thresholds:
            for row in range(0, ROWS, 4):
                near = float(rng.choice(booster_thresholds))
                step = float(np.spacing(np.float32(near))) / 2
                frame.loc[row, name] = near + float(rng.choice([-1, 0, 1])) * step


def thresholds(model):
    try:
        text = model.get_dump(dump_format="json") if hasattr(model, "get_dump") else []
        found = []

        def walk(node):
            if "split_condition" in node and not isinstance(node["split_condition"], list):
                found.append(node["split_condition"])
            for child in node.get("children", []):
                walk(child)

        for tree in text:
            walk(json.loads(tree))
        if not text:
            for tree in model.dump_model()["tree_info"]:
                stack = [tree["tree_structure"]]
                while stack:
                    node = stack.pop()
                    if isinstance(node.get("threshold"), float):
                        found.append(node["threshold"])
                    stack += [node[side] for side in ("left_child", "right_child") if side in node]
        return found
    except (ValueError, KeyError):
        return []


def target(rng, kind, total, classes):
    if kind == "binary":
        return (total > np.quantile(total, rng.choice([0.5, 0.9]))).astype(int)
    if kind == "multiclass":
        return np.searchsorted(np.quantile(total, np.arange(1, classes) / classes), total)
    if kind == "ranking":
        return np.clip(np.round(total), 0, 4).astype(int)
    if kind == "count":
        return rng.poisson(np.exp(np.clip(total / 2, -2, 3)))
    return total * float(rng.choice([1, 1e4]))


def made_by_xgboost(rng, kind, frame, y, most):
    common = dict(
        n_estimators=int(rng.integers(2, most)), max_depth=int(rng.choice([2, 4, 7, 12] if most > 9 else [2, 3, 5])), enable_categorical=True, n_jobs=1,
        learning_rate=float(rng.choice([0.1, 0.5, 1])), max_cat_to_onehot=int(rng.choice([1, 4, 50])),
        booster=str(rng.choice(["gbtree", "gbtree", "dart"])), random_state=int(rng.integers(1000)),
        min_child_weight=float(rng.choice([0.1, 1, 5])), subsample=float(rng.choice([0.6, 1])),
        num_parallel_tree=int(rng.choice([1, 1, 3])))
    weight = rng.random(len(y)) + 0.5 if rng.random() < 0.4 else None
    if kind == "ranking":
        model = xgb.XGBRanker(objective=str(rng.choice(["rank:ndcg", "rank:pairwise"])), **common)
        return model.fit(frame, y, qid=np.arange(len(y)) // 10).get_booster(), common
    if kind in ("binary", "multiclass"):
        model = xgb.XGBClassifier(**common)
    else:
        model = xgb.XGBRegressor(objective="count:poisson" if kind == "count" else "reg:squarederror", **common)
    model.fit(frame, y, sample_weight=weight)
    return model.get_booster(), common


def made_by_lightgbm(rng, kind, frame, y, most):
    common = dict(
        n_estimators=int(rng.integers(2, most)), num_leaves=int(rng.choice([4, 31, 127] if most > 9 else [4, 15])), n_jobs=1, verbose=-1,
        learning_rate=float(rng.choice([0.1, 0.5, 1])), boosting_type=str(rng.choice(["gbdt", "gbdt", "dart"])),
        min_child_samples=int(rng.choice([1, 10])), random_state=int(rng.integers(1000)), cat_smooth=1.0, min_data_per_group=5,
        max_cat_to_onehot=int(rng.choice([1, 4])), zero_as_missing=bool(rng.random() < 0.2))
    weight = rng.random(len(y)) + 0.5 if rng.random() < 0.4 else None
    if kind == "ranking":
        return lgb.LGBMRanker(**common).fit(frame, y, group=np.full(len(y) // 10, 10)).booster_, common
    if kind in ("binary", "multiclass"):
        return lgb.LGBMClassifier(**common).fit(frame, y, sample_weight=weight).booster_, common
    model = lgb.LGBMRegressor(objective="poisson" if kind == "count" else "regression", **common)
    return model.fit(frame, y, sample_weight=weight).booster_, common


def make(rng, folder, number, most):
    kind = ["binary", "multiclass", "regression", "ranking", "count"][number // 2 % 5]
    maker = "xgboost" if number % 2 == 0 else "lightgbm"
    columns = table(rng, 800)
    frame = pd.DataFrame({name: series for name, (_, series) in columns.items()})
    classes = int(rng.integers(3, 6))
    y = target(rng, kind, signal(rng, columns, 800), classes)
    model, drawn = (made_by_xgboost if maker == "xgboost" else made_by_lightgbm)(rng, kind, frame, y, most)
    file = folder / ("model.txt" if maker == "lightgbm" else str(rng.choice(["model.json", "model.ubj"])))
    model.save_model(str(file))
    loaded = xgb.Booster(model_file=str(file)) if maker == "xgboost" else lgb.Booster(model_file=str(file))

    asked = frame.iloc[rng.integers(0, len(frame), ROWS)].reset_index(drop=True)
    numbers = [name for name, (type_, _) in columns.items() if type_ == "number"]
    edges(rng, thresholds(loaded), asked, numbers)
    for name, (_, series) in columns.items():
        if str(series.dtype) == "category":
            values = asked[name].astype(object)
            if maker == "lightgbm":
                values[3] = "never seen" if name == "word" else 100_000
            others = [each for each in pd.unique(values) if each is not None and each == each]
            order = [others[i] for i in rng.permutation(len(others))]
            if maker == "lightgbm":
                known = values.where(values.isin(series.cat.categories), None)
                asked[name] = pd.Categorical(known, categories=series.cat.categories)
                asked_values = values
            else:
                asked[name] = pd.Categorical(values, categories=order)
                asked_values = values
            columns[name] = (columns[name][0], asked_values)
    question = xgb.DMatrix(asked, enable_categorical=True) if maker == "xgboost" else asked
    answers = np.asarray(loaded.predict(question), dtype=float)
    rows = []
    for row in range(ROWS):
        values = []
        for name, (type_, given) in columns.items():
            value = given[row] if len(given) == ROWS else asked[name][row]
            missing = value is None or value != value
            values.append(None if missing else {
                "number": float, "integer": int, "boolean": bool, "category": str}[type_](value))
        rows.append(values)
    about = {
        "maker": maker, "version": (xgb if maker == "xgboost" else lgb).__version__, "drawn": drawn,
        "task": "regression" if kind == "count" else kind, "classes": classes if kind == "multiclass" else 0,
        "columns": [{"name": name, "type": type_} for name, (type_, _) in columns.items()],
        "rows": rows, "answers": answers.reshape(-1).tolist()}
    (folder / "about.json").write_text(json.dumps(about))


def main():
    target_folder = pathlib.Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 24
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 7
    most = int(sys.argv[4]) if len(sys.argv) > 4 else 40
    for number in range(count):
        folder = target_folder / f"{number:03d}"
        folder.mkdir(parents=True, exist_ok=True)
        make(np.random.default_rng([seed, number]), folder, number, most)


if __name__ == "__main__":
    main()
