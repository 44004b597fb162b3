"""Performance estimated for many classes, by NannyML and scikit-learn, and under covariate shift, by scikit-learn.

NannyML's CBPE calibrates each class on the reference where it finds that to help, then scales each row to a sum of one. Both
its public door, on a reference that it leaves uncalibrated, and its metrics on probabilities given beforehand are run. It rounds
cumulated probabilities to five decimals and takes equal scores in the order of an unstable sort: with chances of three decimals and
distinct scores neither changes anything, so these cases hold to 1e-9; what equal scores and tiny chances give is scikit-learn's.
PAPE is not in this NannyML: its weights are held against ratios of counts, its calibrator against scikit-learn's.
"""

import warnings

import nannyml as nml
import numpy as np
import pandas as pd
import sklearn.metrics as m
from nannyml.performance_estimation.confidence_based.cbpe import _calibrate_predicted_probabilities
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.tree import DecisionTreeClassifier

from reference import Family

warnings.simplefilter("ignore")
f = Family("estimation", ["nannyml", "scikit-learn", "numpy", "pandas"])
rng = np.random.default_rng(23)
CLASSES = ["a", "b", "c", "d"]
COLUMNS = {name: "chance_" + name for name in CLASSES}


def thousandths(n, kind):
    """Rows of chances that sum to one in whole thousandths."""
    alpha = {"ordinary": [2, 2, 2, 2], "few distinct": [2, 2, 2, 2], "imbalanced": [60, 3, 0.3, 0.1]}[kind]
    step = 200 if kind == "few distinct" else 1
    whole = np.floor(rng.dirichlet(alpha, n) * 1000 / step) * step
    whole[np.arange(n), rng.integers(0, 4, n) if kind != "imbalanced" else 0] += 1000 - whole.sum(axis=1)
    return whole / 1000


def drawn(p):
    return np.array([rng.choice(4, p=row) for row in p])


def frame(p, predicted, actual=None):
    table = pd.DataFrame({COLUMNS[name]: p[:, c] for c, name in enumerate(CLASSES)})
    table["predicted"] = np.array(CLASSES)[predicted]
    if actual is not None:
        table["actual"] = np.array(CLASSES)[actual]
    return table


def estimator():
    return nml.CBPE(
        problem_type="classification_multiclass", y_pred_proba=COLUMNS, y_pred="predicted", y_true="actual",
        metrics=["roc_auc", "accuracy"], chunk_number=1)


def distinct(p):
    """Scores in an order of their own, none equal to another of its class."""
    return np.array([rng.permutation(np.linspace(0.001, 0.999, len(p))) for _ in CLASSES]).T


for kind, n in (("ordinary", 150), ("few distinct", 120), ("imbalanced", 250)):
    p, scores = thousandths(n, kind), distinct(range(n))
    predicted = np.argmax(scores, axis=1)
    # NannyML's metrics on given probabilities.
    given = frame(p, predicted)
    for c, name in enumerate(CLASSES):
        given["uncalibrated_" + COLUMNS[name]] = scores[:, c]
    e = estimator()
    for metric in e.metrics:
        metric.classes = CLASSES
        metric.class_probability_columns = [COLUMNS[name] for name in CLASSES]
        metric.class_uncalibrated_y_pred_proba_columns = ["uncalibrated_" + COLUMNS[name] for name in CLASSES]
    auc, accuracy = e.metrics
    f.case("nannyml_macro_auc", kind, auc._estimate(given), scores=scores, calibrated=p)
    f.case("nannyml_accuracy", kind, accuracy._estimate(given), calibrated=p, predicted=predicted)

# The public door. NannyML leaves a class as it is where isotonic regression does not lower the calibration error of parts held
# out, which on a calibrated reference is chance: such references are drawn until it leaves every class.
def fitted(power):
    p = thousandths(3000, "ordinary") + rng.random((3000, 4)) * 1e-9
    p /= p.sum(axis=1, keepdims=True)
    actual = drawn(p)
    p = p**power / (p**power).sum(axis=1, keepdims=True)
    return estimator().fit(frame(p, np.argmax(p, axis=1), actual))


for kind, power in (("left as it is", 1), ("calibrated", 4)):
    e = fitted(power)
    while kind == "left as it is" and not all(type(c).__name__ == "NoopCalibrator" for c in e._calibrators.values()):
        e = fitted(power)
    now = thousandths(150, "ordinary") + rng.random((150, 4)) * 1e-9
    now = now**power / (now**power).sum(axis=1, keepdims=True)
    predicted = np.argmax(now, axis=1)
    result = e.estimate(frame(now, predicted)).filter(period="analysis").to_df()
    calibrated = _calibrate_predicted_probabilities(frame(now, predicted), "actual", COLUMNS, e._calibrators)[list(COLUMNS.values())].to_numpy()
    assert np.allclose(calibrated, now, rtol=1e-12) == (kind == "left as it is"), kind
    f.case("nannyml_macro_auc", "public door, " + kind, result[("roc_auc", "value")].iloc[0], tolerance=1e-5, scores=now, calibrated=calibrated)
    f.case("nannyml_accuracy", "public door, " + kind, result[("accuracy", "value")].iloc[0], calibrated=calibrated, predicted=predicted)

# The same by scikit-learn: each row once as each class, weighted with its chance.
for kind, n in (("ordinary", 60), ("tied", 90), ("extreme", 60), ("imbalanced", 150), ("certain", 30)):
    p = rng.dirichlet([1, 2, 3], n)
    scores = p * 0.7 + 0.3 * rng.random((n, 3))
    if kind == "tied":
        scores = np.round(scores, 1)
    if kind == "extreme":
        p[:, 0] = np.where(rng.random(n) < 0.9, 1e-300, 1e-3)
        p[:, 1:] *= ((1 - p[:, 0]) / p[:, 1:].sum(axis=1))[:, None]
        scores = scores * 1e150 - 5e149
    if kind == "imbalanced":
        p = rng.dirichlet([0.01, 0.5, 200], n)
    if kind == "certain":
        p = np.eye(3)[np.arange(n) % 3]
    predicted = np.argmax(scores, axis=1)
    one = np.repeat([1, 0], n)
    areas = [m.roc_auc_score(one, np.tile(scores[:, c], 2), sample_weight=np.concatenate([p[:, c], 1 - p[:, c]])) for c in range(3)]
    f.case("cbpe_macro_auc", kind, np.mean(areas), scores=scores, calibrated=p)
    correct = m.accuracy_score(np.repeat([0, 1, 2], n), np.tile(predicted, 3), sample_weight=p.T.ravel())
    f.case("cbpe_accuracy", kind, correct, calibrated=p, predicted=predicted)

# PAPE. A tree over a category gives the share of now in each leaf: the weights are then the ratio of two frequencies.
for kind, before, now in (("ordinary", [60, 30, 10], [20, 50, 30]), ("one category", [25], [75]), ("imbalanced", [990, 9, 1], [1, 40, 2])):
    x = np.concatenate([np.repeat(np.arange(len(before)), before), np.repeat(np.arange(len(now)), now)])[:, None]
    is_now = np.repeat([False, True], [sum(before), sum(now)])
    h = DecisionTreeClassifier().fit(x, is_now).predict_proba(x[~is_now])[:, 1]
    ratios = np.array(now) / sum(now) / (np.array(before) / sum(before))
    f.case("pape_weights", kind, np.clip(np.repeat(ratios, before), 1e-3, 50), chance_of_now=h, now_rows=sum(now))

for kind, n in (("ordinary", 200), ("tied", 240), ("imbalanced", 300), ("extreme", 120)):
    x = np.concatenate([rng.normal(0, 1, n), rng.normal(0.7, 0.8, n // 2)])
    is_now = np.arange(len(x)) >= n
    h = cross_val_predict(LogisticRegression(), x[:, None], is_now, cv=4, method="predict_proba")[:n, 1]
    scores = 1 / (1 + np.exp(-x + 0.4 * rng.normal(size=len(x))))
    actual = rng.random(n) < scores[:n] ** 1.5
    if kind == "tied":
        scores = np.round(scores, 1)
    if kind == "imbalanced":
        actual = scores[:n] >= np.sort(scores[:n])[-3]
    if kind == "extreme":
        h[:8], scores = [0, 1, 1e-300, 1 - 1e-16, 0, 1, 1, 0], scores * 1e150
    with np.errstate(divide="ignore"):
        w = np.clip(n / (n // 2) * h / (1 - h), 1e-3, 50)
    fit = IsotonicRegression(out_of_bounds="clip").fit(scores[:n], actual.astype(float), sample_weight=w)
    calibrated = fit.predict(scores[n:])
    a = dict(scores=scores[:n], positive=actual, chance_of_now=h, now_rows=n // 2, scores_of_now=scores[n:])
    f.case("pape_calibrator", kind, calibrated, **a)
    twice = np.concatenate([calibrated, 1 - calibrated])
    one = np.repeat([1, 0], n // 2)
    f.case("pape_auc", kind, m.roc_auc_score(one, np.tile(scores[n:], 2), sample_weight=twice), **a)
    f.case("pape_average_precision", kind, m.average_precision_score(one, np.tile(scores[n:], 2), sample_weight=twice), **a)
f.write()
