"""Trains models at random, writes them as ONNX, and records what ONNX Runtime answers: the reference of our ONNX engines.

    python onnx_models.py FOLDER [COUNT [SEED]]

needs numpy, scikit-learn, skl2onnx, onnxmltools, onnx, onnxruntime, xgboost, lightgbm. Each model is a folder:

    model.onnx
    about.json   made how; task; whether our own engines must execute it; columns, rows and the answers of ONNX Runtime

The first models go through the list of makers one by one, so a small COUNT covers most; COUNT of the subset in the repository
is 48, its SEED 1.
"""

import json
import pathlib
import sys
import warnings

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import (
    AdaBoostClassifier,
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import ElasticNet, LinearRegression, LogisticRegression, Ridge, SGDClassifier
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

warnings.filterwarnings("ignore")
ROWS = 40


def data(r, classes, missing):
    features = int(r.integers(2, 9))
    x = r.normal(size=(400, features)) * 10 ** r.uniform(-1, 2)
    if r.random() < 0.3:
        x = np.round(x / x.std() * 3)
    score = x[:, 0] - 0.5 * x[:, -1] + r.normal(size=400) * x.std() * 0.3
    if classes == 0:
        y = score
    else:
        y = np.searchsorted(np.quantile(score, np.arange(1, classes) / classes), score)
    if missing:
        x = np.where(r.random(x.shape) < 0.15, np.nan, x)
    return x.astype(np.float32).astype(np.float64), y


def classes_of(r, kind):
    return {"binary": 2, "multiclass": int(r.integers(3, 5)), "regression": 0}[kind]


def sklearn_onnx(r, model, x, zipmap, double=False):
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType

    tensor = DoubleTensorType if double else FloatTensorType
    final = model.steps[-1][1] if hasattr(model, "steps") else model
    options = {} if not hasattr(final, "predict_proba") else {id(final): {"zipmap": zipmap}}
    opset = {"": int(r.integers(15, 19)), "ai.onnx.ml": int(r.choice([1, 2, 3]))}
    if double:
        opset["ai.onnx.ml"] = 3
    return to_onnx(model, initial_types=[("X", tensor([None, x.shape[1]]))], options=options, target_opset=opset)


def labels(r, y, kind):
    if kind != "regression" and r.random() < 0.35:
        return np.array(["no", "yes", "maybe", "other"])[y]
    return y


# ---- makers: (name, kinds, native, function(r, kind) -> onnx model, x, input names and types) ------------------------------

def forest(maker, **more):
    def make(r, kind):
        x, y = data(r, classes_of(r, kind), False)
        pick = maker[0] if kind != "regression" else maker[1]
        size = {} if "Tree" in pick.__name__ and "Extra" not in pick.__name__ else {"n_estimators": int(r.integers(2, 12))}
        model = pick(max_depth=int(r.integers(1, 6)), random_state=int(r.integers(1000)), **size, **more)
        model.fit(x, labels(r, y, kind))
        return sklearn_onnx(r, model, x, r.choice([True, False]), more.pop("double", False)), x

    return make


def hist(r, kind):
    x, y = data(r, classes_of(r, kind), True)
    pick = HistGradientBoostingRegressor if kind == "regression" else HistGradientBoostingClassifier
    model = pick(max_iter=int(r.integers(2, 12)), max_depth=int(r.integers(1, 6)), random_state=1)
    model.fit(x, labels(r, y, kind))
    return sklearn_onnx(r, model, x, r.choice([True, False])), x


def double_forest(r, kind):
    x, y = data(r, classes_of(r, kind), False)
    x = x + r.normal(size=x.shape) * 1e-9
    pick = RandomForestRegressor if kind == "regression" else RandomForestClassifier
    model = pick(n_estimators=int(r.integers(2, 8)), max_depth=4, random_state=3).fit(x, y)
    return sklearn_onnx(r, model, x, False, double=True), x


def linear(maker, before=None):
    def make(r, kind):
        x, y = data(r, classes_of(r, kind), before is not None and "impute" in before)
        steps = {"impute": SimpleImputer(), "scale": StandardScaler(), "minmax": MinMaxScaler()}
        model = make_pipeline(*[steps[s] for s in before or []], maker())
        model.fit(x, labels(r, y, kind))
        return sklearn_onnx(r, model, x, r.choice([True, False])), x

    return make


def xgb(r, kind):
    import xgboost
    from onnxmltools import convert_xgboost
    from onnxmltools.convert.common.data_types import FloatTensorType

    x, y = data(r, classes_of(r, kind), True)
    pick = xgboost.XGBRegressor if kind == "regression" else xgboost.XGBClassifier
    model = pick(n_estimators=int(r.integers(2, 12)), max_depth=int(r.integers(1, 6)), random_state=1).fit(x, y)
    return convert_xgboost(model, initial_types=[("X", FloatTensorType([None, x.shape[1]]))], target_opset=15), x


def lgb(r, kind):
    import lightgbm
    from onnxmltools import convert_lightgbm
    from onnxmltools.convert.common.data_types import FloatTensorType

    x, y = data(r, classes_of(r, kind), False)
    categorical = []
    if r.random() < 0.5:
        x[:, 1] = np.abs(np.round(x[:, 1])) % 7
        categorical = [1]
    pick = lightgbm.LGBMRegressor if kind == "regression" else lightgbm.LGBMClassifier
    model = pick(n_estimators=int(r.integers(2, 12)), max_depth=4, min_child_samples=5, verbose=-1)
    model.fit(x, y, categorical_feature=categorical)
    zipmap = bool(r.choice([True, False]))
    more = {} if kind == "regression" else {"zipmap": zipmap}
    return convert_lightgbm(model, initial_types=[("X", FloatTensorType([None, x.shape[1]]))], target_opset=15, **more), x


def other(maker, before=()):
    def make(r, kind):
        x, y = data(r, classes_of(r, kind), False)
        model = make_pipeline(StandardScaler(), maker()).fit(x, y)
        return sklearn_onnx(r, model, x, False), x

    return make


def tree_attributes(r, features, trees, depth, modes, leaves):
    """Random trees over (mode, feature, threshold) in the form of ai.onnx.ml 3: lists over nodes, lists over leaf values."""
    n = {k: [] for k in ["tree", "node", "feature", "mode", "value", "true", "false", "missing"]}
    t = {k: [] for k in ["tree", "node", "id", "weight"]}
    for tree in range(trees):
        count = [0]

        def grow(level):
            me = count[0]
            count[0] += 1
            at = len(n["tree"])
            for key in n:
                n[key].append(0)
            n["tree"][at], n["node"][at] = tree, me
            if level == depth or (level > 0 and r.random() < 0.2):
                n["mode"][at] = "LEAF"
                for k in r.permutation(leaves)[: int(r.integers(1, leaves + 1))]:
                    t["tree"].append(tree)
                    t["node"].append(me)
                    t["id"].append(int(k))
                    t["weight"].append(float(np.float32(r.normal())))
                return me
            n["mode"][at] = str(r.choice(modes))
            n["feature"][at] = int(r.integers(features))
            n["value"][at] = float(np.float32(np.round(r.normal(), 1)))
            n["missing"][at] = int(r.integers(2))
            n["true"][at] = grow(level + 1)
            n["false"][at] = grow(level + 1)
            return me

        grow(0)
    return n, t


MODES = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"]


def by_hand(operator, double=False):
    def make(r, kind):
        features = int(r.integers(2, 6))
        outputs = {"binary": 2, "multiclass": 3, "regression": int(1)}[kind]
        mixed = r.random() < 0.7
        modes = MODES if mixed else [str(r.choice(MODES[:4]))]
        n, t = tree_attributes(r, features, int(r.integers(1, 7)), int(r.integers(1, 5)), modes, outputs)
        prefix = "class" if operator == "TreeEnsembleClassifier" else "target"
        real = "_as_tensor" if double else ""
        element = TensorProto.DOUBLE if double else TensorProto.FLOAT

        def numbers(values):
            return helper.make_tensor("t", element, [len(values)], values) if double else values

        attributes = {
            "nodes_treeids": n["tree"], "nodes_nodeids": n["node"], "nodes_featureids": n["feature"],
            "nodes_modes": n["mode"], "nodes_values" + real: numbers(n["value"]), "nodes_truenodeids": n["true"],
            "nodes_falsenodeids": n["false"], "nodes_missing_value_tracks_true": n["missing"],
            prefix + "_treeids": t["tree"], prefix + "_nodeids": t["node"], prefix + "_ids": t["id"],
            prefix + "_weights" + real: numbers(t["weight"]),
        }
        base = [float(np.float32(v)) for v in r.normal(size=outputs)]
        if r.random() < 0.6:
            attributes["base_values" + real] = numbers(base)
        if operator == "TreeEnsembleClassifier":
            attributes["classlabels_int64s"] = list(range(outputs))
            attributes["post_transform"] = str(r.choice(["SOFTMAX", "SOFTMAX_ZERO"] if outputs > 2 else ["SOFTMAX"]))
            outs = ["label", "probabilities"]
        else:
            attributes["n_targets"] = outputs
            attributes["aggregate_function"] = str(r.choice(["SUM", "AVERAGE", "MIN", "MAX"]))
            outs = ["variable"]
        node = helper.make_node(operator, ["X"], outs, domain="ai.onnx.ml", **attributes)
        x = np.round(r.normal(size=(400, features)), 1).astype(np.float32).astype(np.float64)
        x = np.where(r.random(x.shape) < 0.1, np.nan, x)
        values = [helper.make_tensor_value_info(o, TensorProto.INT64 if o == "label" else TensorProto.FLOAT,
                                                [None] if o == "label" else [None, outputs]) for o in outs]
        graph = helper.make_graph([node], "g", [helper.make_tensor_value_info("X", element, [None, features])], values)
        return helper.make_model(graph, ir_version=9, opset_imports=[
            helper.make_opsetid("", 18), helper.make_opsetid("ai.onnx.ml", 3)]), x

    return make


def v5(r, kind):
    """TreeEnsemble of ai.onnx.ml 5: numbered modes, leaves apart, sets of members."""
    features, depth = int(r.integers(2, 6)), int(r.integers(1, 4))
    roots, nodes, leaves = [], {k: [] for k in ["f", "m", "s", "t", "tl", "fa", "fl", "miss"]}, {"id": [], "w": []}
    members, order = [], [int(m) for m in r.permutation(7)]

    def leaf():
        leaves["id"].append(0)
        leaves["w"].append(float(np.float32(r.normal())))
        return len(leaves["id"]) - 1

    def grow(level):
        at = len(nodes["f"])
        for key in nodes:
            nodes[key].append(0)
        mode = int(r.integers(7))
        nodes["m"][at] = mode
        nodes["f"][at] = int(r.integers(features))
        nodes["s"][at] = float(np.float32(np.round(r.normal())))
        nodes["miss"][at] = int(r.integers(2))
        if mode == 6:
            members.append((at, [float(v) for v in np.unique(np.round(r.normal(size=3) * 2))]))
        for side, flag in [("t", "tl"), ("fa", "fl")]:
            if level == depth or r.random() < 0.2:
                nodes[flag][at], nodes[side][at] = 1, leaf()
            else:
                nodes[flag][at], nodes[side][at] = 0, grow(level + 1)
        return at

    for _ in range(int(r.integers(1, 5))):
        roots.append(grow(0))
    flat = []
    for at in range(len(nodes["f"])):
        for node, values in members:
            if node == at:
                flat += values + [float("nan")]
    tensor = lambda values, kind=TensorProto.FLOAT: helper.make_tensor("t", kind, [len(values)], values)
    attributes = dict(
        tree_roots=roots, n_targets=1, nodes_featureids=nodes["f"], nodes_splits=tensor(nodes["s"]),
        nodes_modes=helper.make_tensor("t", TensorProto.UINT8, [len(nodes["m"])], bytes(nodes["m"]), raw=True),
        nodes_truenodeids=nodes["t"], nodes_trueleafs=nodes["tl"], nodes_falsenodeids=nodes["fa"],
        nodes_falseleafs=nodes["fl"], nodes_missing_value_tracks_true=nodes["miss"], leaf_targetids=leaves["id"],
        leaf_weights=tensor(leaves["w"]), aggregate_function=int(r.integers(0, 4)))
    if flat:
        attributes["membership_values"] = tensor(flat)
    node = helper.make_node("TreeEnsemble", ["X"], ["variable"], domain="ai.onnx.ml", **attributes)
    x = np.round(r.normal(size=(400, features)) * 2).astype(np.float64)
    x = np.where(r.random(x.shape) < 0.1, np.nan, x)
    graph = helper.make_graph([node], "g", [helper.make_tensor_value_info("X", TensorProto.FLOAT, [None, features])],
                              [helper.make_tensor_value_info("variable", TensorProto.FLOAT, [None, 1])])
    return helper.make_model(graph, ir_version=9, opset_imports=[
        helper.make_opsetid("", 18), helper.make_opsetid("ai.onnx.ml", 5)]), x


def mixed_columns(r, kind):
    """Text, whole numbers and numbers, each a tensor of its own."""
    import pandas as pd
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import FloatTensorType, Int64TensorType, StringTensorType

    frame = pd.DataFrame({
        "origin": r.choice(["ATL", "ORD", "JFK"], 400), "hour": r.integers(0, 24, 400),
        "distance": r.normal(800, 300, 400).astype(np.float32)})
    y = ((frame.hour > 15).astype(int) + (frame.origin == "ORD") + r.integers(0, 2, 400) > 1).astype(int)
    model = make_pipeline(
        ColumnTransformer([("text", OneHotEncoder(handle_unknown="ignore"), ["origin"]),
                           ("whole", "passthrough", ["hour"]), ("number", StandardScaler(), ["distance"])]),
        RandomForestClassifier(n_estimators=5, max_depth=4, random_state=1))
    model.fit(frame, y)
    types = [("origin", StringTensorType([None, 1])), ("hour", Int64TensorType([None, 1])),
             ("distance", FloatTensorType([None, 1]))]
    return to_onnx(model, initial_types=types, target_opset={"": 17, "ai.onnx.ml": 3}), frame


CLASSES, BOTH = ["binary", "multiclass"], ["binary", "multiclass", "regression"]
MAKERS = [
    ("decision tree", BOTH, True, forest((DecisionTreeClassifier, DecisionTreeRegressor))),
    ("random forest", BOTH, True, forest((RandomForestClassifier, RandomForestRegressor))),
    ("extra trees", BOTH, True, forest((ExtraTreesClassifier, ExtraTreesRegressor))),
    ("gradient boosting", BOTH, True, forest((GradientBoostingClassifier, GradientBoostingRegressor))),
    ("hist gradient boosting", BOTH, True, hist),
    ("xgboost", BOTH, True, xgb),
    ("lightgbm", BOTH, True, lgb),
    ("forest over doubles", BOTH, True, double_forest),
    ("logistic regression", CLASSES, True, linear(LogisticRegression)),
    ("scaled logistic regression", CLASSES, True, linear(LogisticRegression, ["impute", "scale"])),
    ("linear regression", ["regression"], True, linear(LinearRegression)),
    ("scaled ridge", ["regression"], True, linear(Ridge, ["minmax"])),
    ("elastic net", ["regression"], True, linear(ElasticNet)),
    ("classifier by hand", ["multiclass"], True, by_hand("TreeEnsembleClassifier")),
    ("regressor by hand", ["regression"], True, by_hand("TreeEnsembleRegressor")),
    ("regressor by hand over doubles", ["regression"], True, by_hand("TreeEnsembleRegressor", True)),
    ("version 5 by hand", ["regression"], True, v5),
    ("mixed columns", ["binary"], False, mixed_columns),
    ("neural net", ["binary", "multiclass"], False, other(lambda: MLPClassifier((16,), max_iter=60, random_state=1))),
    ("neural regression", ["regression"], False, other(lambda: MLPRegressor(hidden_layer_sizes=(8,), max_iter=60, random_state=1))),
    ("support vectors", ["binary"], False, other(lambda: SVC(probability=True, random_state=1))),
    ("boosted stumps", ["binary"], False, other(lambda: AdaBoostClassifier(n_estimators=5, random_state=1))),
]


def answers(model, feed):
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    result = {}
    for output, value in zip(session.get_outputs(), session.run(None, feed)):
        if isinstance(value, list):
            value = np.array([[row[k] for k in sorted(row)] for row in value])
        result[output.name] = value.tolist()
    return result


def main(folder, count, seed):
    made = [(name, kind, native, make) for name, kinds, native, make in MAKERS for kind in kinds]
    for i in range(count):
        r = np.random.default_rng(seed * 100_000 + i)
        name, kind, native, make = made[i % len(made)]
        try:
            model, x = make(r, kind)
            onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        except Exception as e:  # a converter that does not know a combination of versions is not what is tested
            print(i, name, kind, "not made:", str(e).splitlines()[0][:150])
            continue
        types = {1: np.float32, 7: np.int64, 8: str, 11: np.float64}
        inputs = model.graph.input
        if hasattr(x, "columns"):
            rows = x.iloc[:ROWS]
            feed = {c.name: rows[c.name].to_numpy().astype(types[c.type.tensor_type.elem_type]).reshape(-1, 1)
                    for c in inputs}
            feed = {k: v.astype(object) if v.dtype.kind == "U" else v for k, v in feed.items()}
            columns = [{"name": c, "type": {"O": "category", "s": "category", "i": "integer", "f": "number"}.get(
                rows[c].dtype.kind, "category")} for c in rows.columns]
            values = [[v.item() if hasattr(v, "item") else v for v in row] for row in rows.itertuples(index=False)]
        else:
            rows = x[:ROWS]
            feed = {inputs[0].name: rows.astype(types[inputs[0].type.tensor_type.elem_type])}
            columns = [{"name": f"c{k}", "type": "number"} for k in range(rows.shape[1])]
            values = [[None if np.isnan(v) else v for v in row] for row in rows.tolist()]
        home = pathlib.Path(folder) / f"onnx-{i:03d}"
        home.mkdir(parents=True, exist_ok=True)
        home.joinpath("model.onnx").write_bytes(model.SerializeToString())
        said = [a.s.decode() if a.s else a.i for n in model.graph.node for a in n.attribute
                if a.name in ("post_transform", "aggregate_function")]
        rare = {"SOFTMAX_ZERO", "MIN", "MAX"} & {s for s in said if isinstance(s, str)} or (
            name == "version 5 by hand" and {2, 3} & set(said))
        about = dict(made=name, task=kind, native=native and not rare, producer=f"{model.producer_name} {model.producer_version}",
                     runtime=onnxruntime.__version__, columns=columns, rows=values, answers=answers(model, feed))
        home.joinpath("about.json").write_text(json.dumps(about))


if __name__ == "__main__":
    arguments = sys.argv[1:]
    main(arguments[0], int(arguments[1]) if len(arguments) > 1 else 48, int(arguments[2]) if len(arguments) > 2 else 1)
