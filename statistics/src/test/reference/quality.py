"""Quality metrics from scikit-learn, SciPy and uncertainty-calibration's published formula."""

import itertools

import numpy as np
import sklearn.metrics as m
from scipy import stats
from sklearn.calibration import calibration_curve

from reference import Family

f = Family("quality", ["numpy", "scipy", "scikit-learn"])
rng = np.random.default_rng(20261123)


def binary(kind):
    """Rows of two classes: scores that are probabilities, labels, weights."""
    if kind == "ordinary":
        y = rng.random(60) < 0.4
        p = 1 / (1 + np.exp(-(rng.normal(size=60) + 1.5 * y - 0.7)))
        w = rng.random(60) + 0.2
    elif kind == "tied":
        y = rng.random(80) < 0.3
        p = np.round(np.clip(0.25 * rng.normal(size=80) + 0.4 + 0.25 * y, 0, 1), 1)
        w = rng.integers(0, 4, 80).astype(float)
    elif kind == "imbalanced":
        y = np.zeros(200, bool)
        y[17] = True
        p = np.round(rng.random(200) ** 4, 3)
        p[17] = 0.9
        w = np.where(y, 7.0, 1.0)
    elif kind == "tiny":
        y = np.array([True, False, True, False])
        p = np.array([1e-300, 0.0, 1.0, 1e-300])
        w = np.array([1e-3, 1e3, 1.0, 1.0])
    elif kind == "all equal":
        y = np.array([True, False, False, True, False])
        p = np.full(5, 0.5)
        w = np.arange(1.0, 6.0)
    return y, p, w


KINDS = ["ordinary", "tied", "imbalanced", "tiny", "all equal"]
for kind in KINDS:
    y, p, w = binary(kind)
    one = np.ones(len(y))
    for name, weights in (("", one), (" weighted", w)):
        a = dict(scores=p, positive=y, weights=weights)
        label = kind + name
        f.case("auc", label, m.roc_auc_score(y, p, sample_weight=weights), **a)
        f.case("average_precision", label, m.average_precision_score(y, p, sample_weight=weights), **a)
        f.case("log_loss", label, m.log_loss(y, p, sample_weight=weights, labels=[False, True]), **a)
        f.case("brier", label, m.brier_score_loss(y, p, sample_weight=weights), **a)
        fpr, tpr, thresholds = m.roc_curve(y, p, sample_weight=weights, drop_intermediate=False)
        f.case("greatest_separation", label, np.max(tpr - fpr), **a)
        for t in (0.5, 0.3) if kind != "tiny" else (1e-300,):
            yh = p >= t
            c = m.confusion_matrix(y, yh, sample_weight=weights, labels=[False, True])
            b = dict(a, threshold=t)
            f.case("confusion", label, [c[1, 1], c[0, 1], c[1, 0], c[0, 0]], **b)
            s = dict(sample_weight=weights)
            f.case("accuracy", label, m.accuracy_score(y, yh, **s), **b)
            f.case("balanced_accuracy", label, m.balanced_accuracy_score(y, yh, **s), **b)
            if c[1, 1] + c[0, 1] > 0:
                f.case("precision", label, m.precision_score(y, yh, **s), **b)
                f.case("lift", label, m.precision_score(y, yh, **s) / np.average(y, weights=weights), **b)
            f.case("recall", label, m.recall_score(y, yh, **s), **b)
            f.case("specificity", label, m.recall_score(y, yh, pos_label=False, **s), **b)
            f.case("f1", label, m.f1_score(y, yh, **s), **b)
            f.case("f_beta", label, m.fbeta_score(y, yh, beta=2.5, **s), beta=2.5, **b)
            if c.sum(axis=0).min() > 0:
                f.case("mcc", label, m.matthews_corrcoef(y, yh, **s), **b)
            cost = np.array([[-0.5, 2.0], [7.0, -3.0]])
            f.case("expected_cost", label, (c * cost).sum() / weights.sum(),
                   costs=[cost[1, 1], cost[0, 1], cost[1, 0], cost[0, 0]], **b)
        # Operating points by brute force over every threshold scikit-learn lists.
        order = np.append(np.unique(p)[::-1], -np.inf)
        points = [(np.inf, np.zeros(len(y), bool))] + [(t, p >= t) for t in np.unique(p)[::-1]]
        cells = [m.confusion_matrix(y, yh, sample_weight=weights, labels=[False, True]) for _, yh in points]
        flagged = np.array([c[:, 1].sum() / c.sum() for c in cells])
        recall = np.array([c[1, 1] / c[1].sum() for c in cells])
        false_positive = np.array([c[0, 1] / c[0].sum() for c in cells])
        precision = np.array([c[1, 1] / c[:, 1].sum() if c[:, 1].sum() > 0 else -1 for c in cells])
        costs = np.array([(c * np.array([[0, 1], [4.5, -0.3]])).sum() for c in cells])
        ts = np.array([t for t, _ in points])
        # Points of equal flagged weight arise where rows of weight 0 enter; the highest threshold is the answer.
        def last(mask):
            i = np.flatnonzero(mask)
            return ts[i[np.argmax(np.round(flagged[i], 12))]]
        f.case("threshold_at_flagged_rate", label, last(flagged <= 0.31), rate=0.31, **a)
        f.case("threshold_at_false_positive_rate", label, last(false_positive <= 0.11), rate=0.11, **a)
        i = np.flatnonzero(recall >= 0.77)
        f.case("threshold_at_recall", label, ts[i[np.argmin(np.round(flagged[i], 12))]], recall=0.77, **a)
        i = np.flatnonzero(precision >= 0.35)
        if len(i):
            f.case("threshold_at_precision", label, ts[i[np.argmax(np.round(recall[i], 12))]], precision=0.35, **a)
        f.case("threshold_at_lowest_cost", label, ts[np.argmin(np.round(costs, 12))], costs=[-0.3, 1, 4.5, 0], **a)
    for bins in (5, 10):
        for strategy in ("uniform", "quantile"):
            if strategy == "quantile" and kind in ("tiny", "all equal"):
                continue
            share, mean = calibration_curve(y, p, n_bins=bins, strategy=strategy)
            a = dict(scores=p, positive=y, weights=one, bins=bins)
            name = "equal_width" if strategy == "uniform" else "equal_mass"
            f.case("calibration_curve_" + name, kind, np.concatenate([mean, share]), **a)
            edges = np.linspace(0, 1, bins + 1) if strategy == "uniform" else np.percentile(p, np.linspace(0, 1, bins + 1) * 100)
            ids = np.searchsorted(edges[1:-1], p)
            n = np.bincount(ids, minlength=bins)
            n = n[n > 0]
            f.case("expected_calibration_error_" + name, kind, np.sum(n * abs(mean - share)) / len(y), **a)
            # uncertainty-calibration 0.1.4, calibration/utils.py: unbiased_square_ce over given bins.
            errors = [0.0 if k < 2 else (q - o) ** 2 - o * (1 - o) / (k - 1.0) for k, q, o in zip(n, mean, share)]
            f.case("debiased_square_calibration_error_" + name, kind, np.sum(n * errors) / len(y), **a)
    # Murphy's partition over equal-width bins, written from the paper.
    ids = np.searchsorted(np.linspace(0, 1, 11)[1:-1], p)
    o = np.average(y, weights=w)
    rel = res = 0
    for b in np.unique(ids):
        k = ids == b
        if w[k].sum() > 0:
            rel += w[k].sum() * (np.average(p[k], weights=w[k]) - np.average(y[k], weights=w[k])) ** 2 / w.sum()
            res += w[k].sum() * (np.average(y[k], weights=w[k]) - o) ** 2 / w.sum()
    score = m.brier_score_loss(y, p, sample_weight=w)
    f.case("brier_decomposition", kind, [rel, res, o * (1 - o), score - rel + res - o * (1 - o)],
           scores=p, positive=y, weights=w, bins=10, tolerance=1e-9)

# Scores of any scale for metrics that only rank.
y = rng.random(30) < 0.5
s = np.concatenate([rng.normal(size=26) * 1e306, [1e307, -1e307, 5e-324, 0.0]])
for name, w in (("extreme scale", np.ones(30)), ("extreme scale weighted", rng.random(30))):
    f.case("auc", name, m.roc_auc_score(y, s, sample_weight=w), scores=s, positive=y, weights=w)
    f.case("average_precision", name, m.average_precision_score(y, s, sample_weight=w), scores=s, positive=y, weights=w)

# Many classes.
for kind, n, classes in (("ordinary", 70, 4), ("tied", 90, 3), ("imbalanced", 120, 5)):
    y = rng.integers(0, classes, n)
    if kind == "imbalanced":
        y = np.minimum(y, 1) * (rng.random(n) < 0.2)
        y[:classes] = np.arange(classes)
    raw = rng.gamma(1.0, size=(n, classes)) + 1.2 * (np.arange(classes) == y[:, None])
    if kind == "tied":
        raw = np.round(raw) + 1
    p = raw / raw.sum(axis=1, keepdims=True)
    w = rng.random(n) + (kind == "imbalanced")
    yh = p.argmax(axis=1)
    onehot = (np.arange(classes) == y[:, None]).astype(int)
    for average in ("macro", "micro", "weighted"):
        a = dict(scores=p, actual=y, weights=w, averaging=average.upper())
        f.case("multiclass_auc", kind, m.roc_auc_score(onehot, p, average=average, sample_weight=w), **a)
        f.case("multiclass_average_precision", kind,
               m.average_precision_score(onehot, p, average=average, sample_weight=w), **a)
        h = (yh + (np.arange(n) < classes) * 0) % classes
        h[:classes] = np.arange(classes)  # every class is predicted at least once
        b = dict(actual=y, predicted=h, weights=w, classes=classes, averaging=average.upper())
        f.case("multiclass_precision", kind, m.precision_score(y, h, average=average, sample_weight=w), **b)
        f.case("multiclass_recall", kind, m.recall_score(y, h, average=average, sample_weight=w), **b)
        f.case("multiclass_f_beta", kind, m.fbeta_score(y, h, beta=0.5, average=average, sample_weight=w), beta=0.5, **b)
    c = dict(actual=y, predicted=h, weights=w, classes=classes)
    f.case("multiclass_confusion", kind, m.confusion_matrix(y, h, sample_weight=w).ravel(), **c)
    f.case("multiclass_accuracy", kind, m.accuracy_score(y, h, sample_weight=w), **c)
    f.case("multiclass_balanced_accuracy", kind, m.balanced_accuracy_score(y, h, sample_weight=w), **c)
    f.case("multiclass_mcc", kind, m.matthews_corrcoef(y, h, sample_weight=w), **c)
    f.case("multiclass_log_loss", kind, m.log_loss(y, p, sample_weight=w), scores=p, actual=y, weights=w)
    f.case("argmax", kind, yh, scores=p)
    for k in (1, 2):
        f.case("top_k", kind, m.top_k_accuracy_score(y, p, k=k, sample_weight=w, labels=np.arange(classes)), scores=p, actual=y, weights=w, k=k)

# Numbers.
for kind in ("ordinary", "discrete", "heavy", "one row"):
    n = 1 if kind == "one row" else 50
    y = rng.normal(size=n) * 10 + 3
    e = rng.normal(size=n)
    if kind == "discrete":
        y, e = np.round(y) + 0.5, np.round(e)
    if kind == "heavy":
        y, e = y * 1e100, e * 10.0 ** rng.integers(-100, 101, n)
    h = y + e
    w = rng.random(n) + 0.1
    lower, upper = h - 0.7 * abs(e).max(), h + 0.5 * abs(e).max()
    lower[0], upper[0] = y[0], max(y[0], upper[0])
    a = dict(actual=y, predicted=h, weights=w)
    f.case("mae", kind, m.mean_absolute_error(y, h, sample_weight=w), **a)
    f.case("mse", kind, m.mean_squared_error(y, h, sample_weight=w), **a)
    f.case("rmse", kind, m.root_mean_squared_error(y, h, sample_weight=w), **a)
    f.case("mape", kind, m.mean_absolute_percentage_error(y, h, sample_weight=w), **a)
    if n > 1:
        f.case("r2", kind, m.r2_score(y, h, sample_weight=w), **a)
    for level in (0.1, 0.5, 0.95):
        f.case("pinball", kind, m.mean_pinball_loss(y, h, alpha=level, sample_weight=w), level=level, **a)
    f.case("coverage", kind, np.average((lower <= y) & (y <= upper), weights=w), actual=y, lower=lower, upper=upper, weights=w)
y = np.array([1e200, -1e200, 3e180])
h = np.array([-1e200, 1e200, 0.0])
f.case("rmse", "extreme", np.hypot(np.hypot(2e200, 2e200), 3e180) / np.sqrt(3), actual=y, predicted=h, weights=np.ones(3))

# Rankings: scikit-learn for NDCG; means over all orders of tied items by enumeration for the others.
def orders(scores):
    groups = [np.flatnonzero(scores == s) for s in np.unique(scores)[::-1]]
    for parts in itertools.product(*[list(itertools.permutations(g)) for g in groups]):
        yield np.concatenate([np.array(p) for p in parts])

for kind, relevance, scores in (
    ("ordinary", rng.integers(0, 4, 12).astype(float), rng.normal(size=12)),
    ("tied", np.array([0, 3, 1, 0, 2, 0, 1.5]), np.array([1, 1, 2, 2, 2, 0, 0.0])),
    ("all equal", np.array([0, 1, 0, 2.0, 0]), np.zeros(5)),
    ("one item", np.array([2.0]), np.array([1e308])),
    ("one relevant", np.array([0, 0, 0, 0, 1e-300, 0, 0, 0.0]), np.array([8, 7, 6, 5, 1e-300, 0, 0, 0.0])),
):
    for k in (1, 3, 5, 100):
        a = dict(relevance=relevance, scores=scores, k=k)
        if len(scores) > 1:
            f.case("ndcg", kind, m.ndcg_score([relevance], [scores], k=k), **a)
        else:
            f.case("ndcg", kind, 1.0, **a)
        recalls, ranks = [], []
        for order in orders(scores):
            hits = relevance[order] > 0
            recalls.append(hits[:k].sum() / hits.sum())
            first = np.argmax(hits) + 1
            ranks.append(1 / first if first <= k else 0)
        f.case("recall_at_k", kind, np.mean(recalls), **a)
        f.case("reciprocal_rank", kind, np.mean(ranks), **a)

# Weights far from one change nothing: the values of the same rows at moderate weights, by a power of two.
y, p, w = binary("ordinary")
for kind, scale in (("weights near 1e-300", 2.0**-996), ("weights near 1e305", 2.0**1013)):
    a = dict(scores=p, positive=y, weights=w * scale)
    f.case("auc", kind, m.roc_auc_score(y, p, sample_weight=w), **a)
    f.case("average_precision", kind, m.average_precision_score(y, p, sample_weight=w), **a)
    f.case("log_loss", kind, m.log_loss(y, p, sample_weight=w), **a)
    f.case("brier", kind, m.brier_score_loss(y, p, sample_weight=w), **a)
    f.case("mcc", kind, m.matthews_corrcoef(y, p >= 0.5, sample_weight=w), threshold=0.5, **a)
    labels, h = (3 * p).astype(int) % 3, (5 * p).astype(int) % 3
    f.case("multiclass_mcc", kind, m.matthews_corrcoef(labels, h, sample_weight=w), actual=labels, predicted=h, weights=w * scale, classes=3)
    f.case("r2", kind, m.r2_score(p, np.sqrt(p), sample_weight=w), actual=p, predicted=np.sqrt(p), weights=w * scale)
    f.case("mse", kind, m.mean_squared_error(p, np.sqrt(p), sample_weight=w) * 1e-60, actual=p * 1e-30, predicted=np.sqrt(p) * 1e-30, weights=w * scale, absolute=0.0)
# R-squared of values that differ in their last bits, where the rounded mean matters: in exact fractions.
from fractions import Fraction

y = 1 + rng.integers(0, 6, 15) * 2.0**-52
h = y + rng.integers(-2, 3, 15) * 2.0**-51
Y, H = [Fraction(v) for v in y], [Fraction(v) for v in h]
mean = sum(Y) / len(Y)
f.case("r2", "last bits", float(1 - sum((a - b) ** 2 for a, b in zip(Y, H)) / sum((a - mean) ** 2 for a in Y)), actual=y, predicted=h, weights=np.ones(15))
f.write()
