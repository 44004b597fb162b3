"""Makes paired.csv and paired_expected.json: metrics of two models on the same clustered rows, by scikit-learn, statsmodels
and brute force over pairs.

    pip install numpy==2.* scikit-learn==1.* statsmodels==0.15.*
    python paired_reference.py ../resources/org/plimsoll/evaluation
"""
import json
import sys

import numpy as np
import sklearn
import statsmodels.api as sm
from sklearn.metrics import (accuracy_score, average_precision_score, brier_score_loss, log_loss, precision_score,
                             recall_score, roc_auc_score)

folder = sys.argv[1]
rng = np.random.default_rng(20010115)
n, days = 1500, 14
cluster = np.sort(rng.integers(0, days, n))
origin = rng.choice(["DFW", "ORD", "LAX"], n, p=[0.5, 0.3, 0.2])
luck = rng.normal(0, 0.7, days)[cluster]
x = rng.normal(size=n)
y = (rng.random(n) < 1 / (1 + np.exp(-(x + luck - 1.4)))).astype(int)
weight = np.ones(n)


def probability(noise, shift):
    return np.round(1 / (1 + np.exp(-(x + rng.normal(0, noise, n) - 1.3 + shift))), 6)


candidate, champion = probability(0.5, 0.1), probability(0.8, -0.1)
candidate[origin == "LAX"] = np.round(rng.permutation(candidate[origin == "LAX"]), 6)

with open(folder + "/paired.csv", "w") as out:
    out.write("file,row,cluster,label,weight,candidate,champion,origin\n")
    for i in range(n):
        out.write(f"{'ab' * 32},{i},day {cluster[i]},{y[i]},{weight[i]:g},{candidate[i]:.6f},{champion[i]:.6f},{origin[i]}\n")

FP, FN = 1.0, 4.0
TASK = FP / (FP + FN)


def cost(s, t, thr):
    flagged = s >= thr
    return np.where(flagged & (t == 0), FP, np.where(~flagged & (t == 1), FN, 0.0))


def auc_influence(s, t):
    """Brute force: the share of the other class beaten, centred, times n over the class's size (DeLong 1988)."""
    pos, neg = s[t == 1], s[t == 0]
    wins = (pos[:, None] > neg[None, :]) + 0.5 * (pos[:, None] == neg[None, :])
    a = wins.mean()
    psi = np.empty(len(s))
    psi[t == 1] = (wins.mean(axis=1) - a) * len(s) / len(pos)
    psi[t == 0] = (wins.mean(axis=0) - a) * len(s) / len(neg)
    return psi


def ratio_influence(top, bottom):
    r = top.sum() / bottom.sum()
    return (top - r * bottom) / bottom.mean()


def at_rate(s, rate):
    return np.sort(s)[::-1][int(np.floor(rate * len(s))) - 1]


def at_fpr(s, t, rate):
    best = np.inf
    for thr in np.unique(s)[::-1]:
        if (s[t == 0] >= thr).mean() <= rate:
            best = thr
        else:
            break
    return best


def rows(metric, s, t, thr):
    if metric == "auc":
        return roc_auc_score(t, s), auc_influence(s, t)
    if metric == "log_loss":
        loss = -np.log(np.where(t == 1, s, 1 - s))
        return log_loss(t, s), loss - loss.mean()
    if metric == "brier":
        return brier_score_loss(t, s), (s - t) ** 2 - ((s - t) ** 2).mean()
    flagged = (s >= thr).astype(int)
    if metric == "accuracy":
        right = (flagged == t).astype(float)
        return accuracy_score(t, flagged), right - right.mean()
    if metric == "expected_cost":
        c = cost(s, t, thr)
        return c.mean(), c - c.mean()
    if metric.startswith("recall"):
        return recall_score(t, flagged), ratio_influence((flagged * t).astype(float), t.astype(float))
    if metric.startswith("precision"):
        return precision_score(t, flagged), ratio_influence((flagged * t).astype(float), flagged.astype(float))
    raise ValueError(metric)


def threshold(metric, s):
    if metric.endswith("@10%"):
        return at_rate(s, 0.10)
    if metric.endswith("@fpr=5%"):
        return at_fpr(s, y, 0.05)
    if metric.endswith("@0.3"):
        return 0.3
    return TASK


def clustered(psi, groups):
    fit = sm.OLS(psi, np.ones(len(psi))).fit(cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False})
    g = len(np.unique(groups))
    return float(fit.bse[0]) * np.sqrt(g / (g - 1))


expected = []
for metric in ["auc", "log_loss", "brier", "accuracy", "expected_cost", "recall", "recall@10%", "recall@fpr=5%", "precision@0.3"]:
    t1, t2 = threshold(metric, candidate), threshold(metric, champion)
    for where in ["", "DFW", "ORD", "LAX"]:
        m = np.ones(n, bool) if where == "" else origin == where
        a, pa = rows(metric, candidate[m], y[m], t1)
        b, pb = rows(metric, champion[m], y[m], t2)
        expected.append(dict(metric=metric, origin=where, rows=int(m.sum()), clusters=len(np.unique(cluster[m])),
                             rarer=int(min(y[m].sum(), (1 - y[m]).sum())), candidate=float(a), champion=float(b),
                             difference=float(a - b), standard_error=clustered(pa - pb, cluster[m]),
                             own_error=clustered(pa, cluster[m])))
values = dict(average_precision=[float(average_precision_score(y, candidate)), float(average_precision_score(y, champion))])
json.dump(dict(made_by=f"numpy {np.__version__}, scikit-learn {sklearn.__version__}, statsmodels {sm.__version__ if hasattr(sm, '__version__') else '0.14'}",
               expected=expected, values=values), open(folder + "/paired_expected.json", "w"), indent=1)
