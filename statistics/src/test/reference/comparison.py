"""Paired comparisons from statsmodels, SciPy, MLstatkit and definitions written out by brute force."""

import numpy as np
import sklearn.metrics as m
import statsmodels.api as sm
from MLstatkit import Delong_test
from scipy import optimize, stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import normal_power, normal_sample_size_one_tail

from reference import Family

f = Family("comparison", ["numpy", "scipy", "scikit-learn", "statsmodels", "MLstatkit"])
rng = np.random.default_rng(7)


def rows(kind):
    n = 60
    y = rng.random(n) < 0.4
    w = np.ones(n)
    a, b = rng.normal(size=n) + y, rng.normal(size=n) + 0.6 * y
    if kind == "tied":
        a, b = np.round(a), np.round(b)
        w = rng.integers(1, 4, n).astype(float)
    if kind == "imbalanced":
        y[:] = False
        y[[3, 20, 41]] = True
        a[[3, 20]] += 3
    if kind == "extreme":
        a, b = a * 1e300, np.sign(b) * 1e-300
        w = 10.0 ** rng.integers(-6, 7, n)
    p, q = 1 / (1 + np.exp(-np.clip(a, -30, 30))), 1 / (1 + np.exp(-np.clip(b, -30, 30)))
    g = rng.integers(0, 13, n)
    return y, p, q, a, b, w, g


def slope(metric, w):
    """Influence values from the definition: total weight times the derivative by each row's weight."""
    out = np.empty(len(w))
    for i in range(len(w)):
        h = 1e-4 * w.sum() / len(w)
        v = [w.copy() for _ in range(4)]
        for k, s in enumerate((-2, -1, 1, 2)):
            v[k][i] += s * h
        d = [metric(x) for x in v]
        out[i] = (d[0] - 8 * d[1] + 8 * d[2] - d[3]) / (12 * h) * w.sum()
    return np.where(abs(out) < 1e-9, 0, out)  # below the accuracy of the differences


def auc(y, s, w):
    pos, neg = y, ~y
    k = (s[pos][:, None] > s[neg]) + 0.5 * (s[pos][:, None] == s[neg])
    return w[pos] @ k @ w[neg] / w[pos].sum() / w[neg].sum()


def cells(y, h, w):
    return (w * (y & h)).sum(), (w * (~y & h)).sum(), (w * (y & ~h)).sum(), (w * (~y & ~h)).sum()


DECISIONS = {
    "accuracy": lambda t, p, n, r: (t + r) / (t + p + n + r),
    "precision": lambda t, p, n, r: t / (t + p),
    "recall": lambda t, p, n, r: t / (t + n),
    "specificity": lambda t, p, n, r: r / (r + p),
    "flagged_rate": lambda t, p, n, r: (t + p) / (t + p + n + r),
    "balanced_accuracy": lambda t, p, n, r: (t / (t + n) + r / (r + p)) / 2,
    "separation": lambda t, p, n, r: t / (t + n) - p / (r + p),
    "f_beta": lambda t, p, n, r: 5 * t / (5 * t + 4 * n + p),
    "lift": lambda t, p, n, r: t / (t + p) / ((t + n) / (t + p + n + r)),
    "mcc": lambda t, p, n, r: (t * r - p * n) / np.sqrt((t + p) * (t + n) * (r + p) * (r + n)),
}
for kind in ("ordinary", "tied", "imbalanced", "extreme"):
    y, p, q, a, b, w, g = rows(kind)
    for name, metric in DECISIONS.items():
        if kind == "extreme":
            continue
        f.case("influence_" + name, kind, slope(lambda v: metric(*cells(y, p >= 0.5, v)), w), tolerance=1e-7,
               scores=p, positive=y, weights=w, threshold=0.5)
    if kind != "extreme":
        f.case("influence_auc", kind, slope(lambda v: auc(y, a, v), w), tolerance=1e-7, scores=a, positive=y, weights=w)
        e = rng.normal(size=60) + 2
        c = rng.random(60) + 0.5
        f.case("influence_ratio", kind, slope(lambda v: (v @ e) / (v @ c), w), tolerance=1e-7, numerators=e, denominators=c, weights=w)
        f.case("influence_mean", kind, e - np.average(e, weights=w), rows=e, weights=w)
        f.case("influence_log", kind, slope(lambda v: np.log((v @ c) / v.sum()), w), tolerance=1e-7, rows=c, weights=w)
        f.case("influence_rmse", kind, slope(lambda v: np.sqrt((v @ c**2) / v.sum()), w), tolerance=1e-7, rows=c**2, weights=w)
        f.case("influence_r2", kind, slope(lambda v: m.r2_score(e, e + c - 1, sample_weight=v), w), tolerance=1e-6,
               actual=e, predicted=e + c - 1, weights=w)
    # Cluster-robust t: intercept of a weighted regression of the row differences.
    d = (p - y) ** 2 - (q - y) ** 2
    fit = sm.WLS(d, np.ones(60), weights=w).fit(cov_type="cluster", cov_kwds={"groups": g}, use_t=True)
    low, high = fit.conf_int(0.1)[0]
    f.case("cluster_t", kind, [fit.params[0], fit.bse[0], low, high, fit.pvalues[0]],
           candidate=(p - y) ** 2, champion=(q - y) ** 2, weights=w, groups=g)
    f.case("cluster_t_bound", kind, [stats.t.sf((fit.params[0] + 0.02) / fit.bse[0], 12), stats.t.cdf((fit.params[0] - 0.03) / fit.bse[0], 12)],
           candidate=(p - y) ** 2, champion=(q - y) ** 2, weights=w, groups=g, above=-0.02, below=0.03)
    # DeLong by the definition, and by MLstatkit.
    def placements(s):
        k = (s[y][:, None] > s[~y]) + 0.5 * (s[y][:, None] == s[~y])
        return k.mean(axis=1), k.mean(axis=0)
    (x1, y1), (x2, y2) = placements(a), placements(b)
    variance = np.var(x1 - x2, ddof=1) / y.sum() + np.var(y1 - y2, ddof=1) / (~y).sum()
    z, pv = Delong_test(y.astype(int), a, b)[:2]
    diff = x1.mean() - x2.mean()
    assert abs(abs(z) - abs(diff) / np.sqrt(variance)) < 1e-6, (z, diff, variance)
    f.case("delong", kind, [x1.mean(), x2.mean(), diff, np.sqrt(variance), 2 * stats.norm.sf(abs(diff) / np.sqrt(variance))],
           candidate=a, champion=b, positive=y)
    f.case("delong_standard_error", kind, np.sqrt(np.var(x1, ddof=1) / y.sum() + np.var(y1, ddof=1) / (~y).sum()), scores=a, positive=y)
    def weighted_influence(s):
        k = (s[y][:, None] > s[~y]) + 0.5 * (s[y][:, None] == s[~y])
        v10, v01 = k @ w[~y] / w[~y].sum(), w[y] @ k / w[y].sum()
        area = w[y] @ v10 / w[y].sum()
        psi = np.empty(60)
        psi[y], psi[~y] = (v10 - area) * w.sum() / w[y].sum(), (v01 - area) * w.sum() / w[~y].sum()
        return area, psi
    (area1, psi1), (area2, psi2) = weighted_influence(a), weighted_influence(b)
    sums = np.array([(w * (psi1 - psi2))[g == k].sum() for k in np.unique(g)])
    G = len(sums)
    f.case("delong_clustered", kind, [area1 - area2, np.sqrt(G / (G - 1) * (sums**2).sum()) / w.sum()],
           candidate=a, champion=b, positive=y, weights=w, groups=g)


# Tango from its definition: restricted maximum likelihood found numerically, interval by root search.
def tango_z(b, c, n, d):
    def loss(q):
        terms = [(b, q + d), (c, q), (n - b - c, 1 - 2 * q - d)]
        return -sum(k * np.log(max(v, 1e-300)) for k, v in terms if k > 0)
    lo, hi = max(0, -d), (1 - d) / 2
    A, B, C = 2 * n, -b - c + (2 * n - b + c) * d, -c * d * (1 - d)
    q = (np.sqrt(max(0, B * B - 4 * A * C)) - B) / (2 * A)
    found = optimize.minimize_scalar(loss, bounds=(lo, hi), method="bounded", options=dict(xatol=1e-13))
    assert loss(q) <= found.fun + 1e-7 and lo - 1e-12 <= q <= hi + 1e-12, (b, c, n, d, q, found)
    return (b - c - n * d) / np.sqrt(n * (2 * q + d * (1 - d)))


for kind, b, c, n in (("ordinary", 12, 7, 100), ("equal", 9, 9, 60), ("one-sided", 6, 0, 40), ("one-sided", 0, 4, 50),
                      ("large", 1500, 1380, 20000), ("all equal", 0, 0, 30), ("rare", 1, 0, 100000), ("all", 25, 0, 25)):
    z = stats.norm.ppf(0.95)
    estimate = (b - c) / n
    eps = 1e-13
    low = -1 if c == n else optimize.brentq(lambda d: tango_z(b, c, n, d) - z, -1 + eps, estimate - eps, xtol=1e-15, rtol=1e-14)
    high = 1 if b == n else optimize.brentq(lambda d: tango_z(b, c, n, d) + z, estimate + eps, 1 - eps, xtol=1e-15, rtol=1e-14)
    a = dict(candidate_only=b, champion_only=c, rows=n)
    f.case("tango_interval", kind, [estimate, low, high], tolerance=1e-8, **a)
    for d in (-0.02, -0.1, 0.05):
        f.case("tango_p", kind, [stats.norm.sf(tango_z(b, c, n, d)), stats.norm.cdf(tango_z(b, c, n, d))], bound=d, tolerance=1e-8, **a)
for kind, b, c in (("ordinary", 12, 5), ("equal", 8, 8), ("none", 0, 0), ("extreme", 0, 60), ("large", 5200, 5000)):
    f.case("mcnemar_exact", kind, mcnemar([[0, b], [c, 0]], exact=True).pvalue, candidate_only=b, champion_only=c)
    law = stats.binom(b + c, 0.5)
    mid = min(1, 2 * law.cdf(min(b, c)) - law.pmf(min(b, c)))
    f.case("mcnemar_mid_p", kind, mid, candidate_only=b, champion_only=c, tolerance=1e-8)
for kind, ps in (("ordinary", rng.random(12) ** 3), ("tied", np.round(rng.random(20), 1)), ("extreme", [1e-300, 0, 1, 1e-5, 0.99]), ("one", [0.04])):
    f.case("holm", kind, multipletests(ps, method="holm")[1], p_values=ps)
    f.case("benjamini_hochberg", kind, multipletests(ps, method="fdr_bh")[1], p_values=ps)
for kind, s, n, margin, d in (("ordinary", 0.3, 2000, 0.02, 0.0), ("better", 0.31, 500, 0.01, 0.02), ("rare", 1e-3, 100000, 1e-5, -5e-6)):
    f.case("power", kind, normal_power((margin + d) / s, n, 0.05, alternative="larger"), tolerance=1e-8,
           standard_error=s / np.sqrt(n), margin=margin, difference=d, level=0.05)
    f.case("units_needed", kind, np.ceil(normal_sample_size_one_tail(margin + d, 0.8, 0.05, std_null=s)),
           deviation=s, margin=margin, difference=d, level=0.05, power=0.8)
    f.case("provable_margin", kind, (stats.norm.ppf(0.95) + stats.norm.ppf(0.9)) * s / np.sqrt(n) - d,
           deviation=s, difference=d, units=n, level=0.05, power=0.9)
    disc = 0.1 + s / 10
    f.case("deviation_of_paired_proportions", kind, np.std(np.repeat([1, -1, 0], np.round([1e6 * (disc + d) / 2, 1e6 * (disc - d) / 2, 1e6 * (1 - disc)]).astype(int))),
           tolerance=1e-5, discordance=disc, difference=d)


def hanley(a, m_, n_):
    q1, q2 = a / (2 - a), 2 * a * a / (1 + a)
    return (a * (1 - a) + (m_ - 1) * (q1 - a * a) + (n_ - 1) * (q2 - a * a)) / (m_ * n_)


for kind, a1, a2, r, pos, neg in (("ordinary", 0.8, 0.78, 0.6, 100, 900), ("equal", 0.7, 0.7, 0.0, 50, 50), ("extreme", 0.999, 0.5, 0.95, 1, 1000000)):
    f.case("deviation_of_auc", kind, np.sqrt(hanley(a1, pos, neg) + hanley(a2, pos, neg) - 2 * r * np.sqrt(hanley(a1, pos, neg) * hanley(a2, pos, neg))),
           candidate=a1, champion=a2, correlation=r, positives=pos, negatives=neg)

# Poisson(1) weights: the hash written out in whole numbers, the quantile from SciPy.
M = (1 << 64) - 1
def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & M
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & M
    return z ^ (z >> 31)
for kind, seed, replicates, keys in (("ordinary", 42, [0, 1, 999], np.arange(40)), ("names", -3, [7], rng.integers(-2**62, 2**62, 60)), ("extreme", 2**63 - 1, [2**31 - 1], [0, -1, 2**63 - 1, -2**63])):
    expected = []
    for r in replicates:
        for k in keys:
            u = mix(mix((mix(seed & M) + r * 0x9E3779B97F4A7C15) & M) ^ mix(int(k) & M)) >> 1
            expected.append(int(stats.poisson.ppf((u + 0.5) / 2.0**63, 1)))
    f.case("poisson_weights", kind, expected, seed=seed, replicates=replicates, keys=list(keys))

# The spread of a mean's replicates.
for kind, sample in (("ordinary", rng.gamma(1.0, size=40)), ("discrete", rng.integers(0, 3, 50).astype(float)), ("skewed", np.exp(2 * rng.normal(size=30)))):
    theta = np.sort(rng.choice(sample, (999, len(sample))).mean(axis=1))
    f.case("bootstrap_error", kind, np.std(theta, ddof=1), replicates=theta)

# Growth of evidence by its definition: the expected log payoff, or log likelihood ratio, of the best alternative of the grid.
for kind, worse, better, tolerated in (("ordinary", 0.12, 0.05, 0.01), ("all discordant", 1.0, 0.0, 0.0), ("rare", 3e-4, 1e-4, 1e-5), ("none gains", 0.1, 0.1, 0.05)):
    x, chance, null = np.array([1, 0.5, 0]), np.array([worse, 1 - worse - better, better]), (1 + tolerated) / 2
    growth = [chance @ np.log(1 + 0.9 * 2.0**-k / null * (x - null)) for k in range(9)]
    f.case("growth_of_pairs", kind, max(0, *growth), worse=worse, better=better, tolerated=tolerated)
for kind, side, share, null, ratio in (("harm", "HARM", 0.2, 1.1, 2.5), ("safe", "SAFE", 0.5, 1.25, 0.9), ("rare arm", "HARM", 1e-3, 1.0, 30.0), ("none gains", "HARM", 0.3, 1.2, 1.2)):
    grid = [1.2, 1.35, 1.5, 1.75, 2, 2.5, 3, 4, 6, 10] if side == "HARM" else [0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.6, 0.5]
    law = lambda r: stats.bernoulli(share * r / (share * r + 1 - share))
    growth = [sum(law(ratio).pmf(e) * (law(g * null).logpmf(e) - law(null).logpmf(e)) for e in (0, 1)) for g in grid]
    f.case("growth_of_counts", kind, max(0, *growth), side=side, share=share, null_ratio=null, ratio=ratio)

f.write()
