"""Calibration, label arrival, attribution and display from scikit-learn, statsmodels, lifelines and definitions by brute force."""

import itertools
import math

import numpy as np
import sklearn.metrics as m
import statsmodels.api as sm
from lifelines import KaplanMeierFitter
from scipy import stats
from sklearn.isotonic import IsotonicRegression
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from reference import Family

f = Family("calibration", ["numpy", "scipy", "scikit-learn", "statsmodels", "lifelines"])
rng = np.random.default_rng(17)


def rows(kind):
    n = 80
    s = rng.normal(size=n)
    y = rng.random(n) < 1 / (1 + np.exp(-1.5 * s + 0.5))
    w = np.ones(n)
    if kind == "tied":
        s, w = np.round(s), rng.integers(0, 4, n).astype(float)
    if kind == "imbalanced":
        y = np.arange(n) == np.argmax(s)
        w = rng.random(n) + 0.1
    if kind == "separated":
        y = s > 0.3
    if kind == "extreme scale":
        s = s * 1e150
    return s, y, w


for kind in ("ordinary", "tied", "imbalanced", "separated", "extreme scale"):
    s, y, w = rows(kind)
    at = np.concatenate([s[:10], [s.min() * 2 - 1, s.max() * 2 + 1, (s[0] + s[1]) / 2]])
    model = IsotonicRegression(out_of_bounds="clip").fit(s, y.astype(float), sample_weight=w)
    f.case("isotonic", kind, model.predict(at), scores=s, positive=y, weights=w, at=at)
    # Platt's likelihood as a binomial regression on softened targets, by iteratively reweighted least squares.
    pos, neg = w[y].sum(), w[~y].sum()
    targets = np.where(y, (pos + 1) / (pos + 2), 1 / (neg + 2))
    scale = np.std(s)
    keep = w > 0
    fit = sm.GLM(targets[keep], sm.add_constant(s[keep] / scale), family=sm.families.Binomial(), var_weights=w[keep]).fit(tol=1e-14, maxiter=300)
    f.case("platt", kind, [-fit.params[1] / scale, -fit.params[0]], scores=s, positive=y, weights=w, tolerance=1e-8)

for kind in ("ordinary", "tied", "certain"):
    n = 60
    p = rng.random(n)
    s = p + 0.2 * rng.normal(size=n)
    if kind == "tied":
        s = np.round(s, 1)
    if kind == "certain":
        p = np.round(p)
    one = np.concatenate([np.ones(n), np.zeros(n)])
    twice = dict(sample_weight=np.concatenate([p, 1 - p]))
    f.case("cbpe_auc", kind, m.roc_auc_score(one, np.tile(s, 2), **twice), scores=s, calibrated=p)
    f.case("cbpe_average_precision", kind, m.average_precision_score(one, np.tile(s, 2), **twice), scores=s, calibrated=p)

for kind, p in (("ordinary", rng.random(40)), ("tied", np.full(30, 0.25)), ("extreme", np.array([1e-300, 1.0, 0.0, 1 - 1e-16, 0.5])), ("one", np.array([0.3]))):
    mass = np.array([1.0])
    for q in p:
        mass = np.convolve(mass, [1 - q, q])
    f.case("poisson_binomial", kind, [p.sum(), np.sqrt((p * (1 - p)).sum()), *np.minimum(1, np.cumsum(mass))], chances=p)
p = rng.random(5000) * 0.2
law = np.array([1.0])
for chunk in np.array_split(p, 50):
    part = np.array([1.0])
    for q in chunk:
        part = np.convolve(part, [1 - q, q])
    law = np.convolve(law, part)
for k in (420, 500, 560):
    f.case("poisson_binomial_large", "large", np.cumsum(law)[k], chances=p, k=k, absolute=1e-5)

for kind, n in (("ordinary", 40), ("tied", 60), ("all arrived", 25)):
    t = rng.exponential(10, n) if kind != "tied" else rng.integers(0, 8, n).astype(float)
    arrived = rng.random(n) < (1 if kind == "all arrived" else 0.7)
    km = KaplanMeierFitter().fit(t, arrived, alpha=0.1)
    for age in (0.5, 3.0, 9.0, 40.0):
        share = 1 - km.survival_function_at_times(age).iloc[0]
        index = km.survival_function_.index
        at = index[index <= age].max()
        low, high = km.confidence_interval_.loc[at]
        f.case("kaplan_meier", kind, [share, 1 - high, 1 - low] if 0 < share < 1 else [share] * 3, tolerance=1e-9, ages=t, arrived=arrived, age=age)
    for share in (0.2, 0.5):
        f.case("age_of_share", kind, km.percentile(1 - share) if km.survival_function_.iloc[-1, 0] <= 1 - share else "inf", ages=t, arrived=arrived, share=share)

for kind, w in (("ordinary", rng.random(30)), ("equal", np.full(7, 1e300)), ("extreme", np.array([1e-300, 1e300, 1e299])), ("integers", np.array([1.0, 2.0, 0.0, 3.0]))):
    v = w / w.max()
    f.case("effective_sample_size", kind, v.sum() ** 2 / (v**2).sum(), weights=w)
for kind, h, now in (("ordinary", rng.random(20), 50), ("certain", np.array([0.0, 1.0, 0.5, 1e-300]), 4), ("tiny", np.array([1e-9]), 10**6)):
    with np.errstate(divide="ignore"):
        f.case("density_ratio", kind, np.clip(len(h) / now * h / (1 - h), 1e-3, 50), chance_of_now=h, now_rows=now)

for kind, n in (("ordinary", 3), ("one factor", 1), ("additive", 4), ("many", 6)):
    v = rng.normal(size=2**n)
    if kind == "additive":
        effects = rng.normal(size=n)
        v = np.array([sum(effects[i] for i in range(n) if s >> i & 1) for s in range(2**n)])
    phi, shares = np.zeros(n), np.zeros((n, 2**n))
    for order in itertools.permutations(range(n)):
        s = 0
        for i in order:
            phi[i] += (v[s | 1 << i] - v[s]) / math.factorial(n)
            shares[i, s | 1 << i] += 1 / math.factorial(n)
            shares[i, s] -= 1 / math.factorial(n)
            s |= 1 << i
    f.case("shapley", kind, np.where(abs(phi) < 1e-15, 0, phi), outcomes=v)
    f.case("shapley_noise_floor", kind, stats.norm.ppf(0.975) * 0.3 * np.sqrt((shares[0] ** 2).sum()), outcomes=v, deviation=0.3)
    # Interaction: the Shapley value of i when j is in, less when j is out, in the game without j.
    if n > 1:
        table = np.zeros((n, n))
        for i, j in itertools.permutations(range(n), 2):
            others = [k for k in range(n) if k not in (i, j)]
            for order in itertools.permutations([i] + others):
                s = 0
                for k in order:
                    if k == i:
                        table[i, j] += (v[s | 1 << i | 1 << j] - v[s | 1 << j] - v[s | 1 << i] + v[s]) / math.factorial(n - 1)
                        break
                    s |= 1 << k
        f.case("shapley_interactions", kind, np.where(abs(table) < 1e-14, 0, table).ravel(), outcomes=v)

for kind, d, s in (("ordinary", rng.normal(0, 0.02, 12), rng.random(12) * 0.01 + 0.002), ("no spread", np.full(5, 0.3), np.array([0.1, 0.2, 0.3, 0.4, 0.5])), ("extreme", np.array([0.1, 5.0, -3.0]), np.array([1e-4, 1.0, 30.0]))):
    r = combine_effects(d, s**2, method_re="chi2")
    tau2, mu = max(0, r.tau2), r.mean_effect_re if r.tau2 > 0 else r.mean_effect_fe
    B = tau2 / (tau2 + s**2)
    values = mu + B * (d - mu)
    errors = np.sqrt(B * s**2 + (1 - B) ** 2 / np.sum(1 / (s**2 + tau2)))
    f.case("shrinkage", kind, [mu, tau2, *values, *errors], values=d, standard_errors=s, tolerance=1e-8)

for kind, k, n, c in (("ordinary", 37, 120, 0.95), ("none", 0, 25, 0.95), ("all", 25, 25, 0.9), ("rare", 1, 10**6, 0.99), ("one", 1, 1, 0.95), ("half", 500, 1000, 0.5)):
    f.case("wilson", kind, proportion_confint(k, n, 1 - c, method="wilson"), successes=k, trials=n, confidence=c)
    bounds = [0.0 if k == 0 else stats.beta.ppf(1 - c, k, n - k + 1), 1.0 if k == n else stats.beta.ppf(c, k + 1, n - k)]
    one_sided = [stats.binomtest(k, n, alternative=a).proportion_ci(c) for a in ("greater", "less")]
    assert np.allclose(bounds, [one_sided[0].low, one_sided[1].high], rtol=0, atol=4e-12)  # binomtest looks for its roots to 2e-12 only
    f.case("proportion_bounds", kind, bounds, successes=k, trials=n, confidence=c)
    for bound in (0.9 * k / n, min(1, 1.2 * k / n), 0.0, 1.0, 0.3):
        f.case("proportion_p", kind, [stats.binomtest(k, n, bound, alternative=a).pvalue for a in ("greater", "less")], successes=k, trials=n, bound=bound, tolerance=1e-8)
    f.case("clopper_pearson", kind, proportion_confint(k, n, 1 - c, method="beta"), successes=k, trials=n, confidence=c, tolerance=1e-8)
for kind, a, n, b, k in (("ordinary", 56, 70, 48, 80), ("extreme", 9, 10, 3, 10), ("none", 0, 10, 0, 20), ("all", 10, 10, 20, 20), ("large", 5000, 10**6, 4900, 10**6)):
    f.case("newcombe", kind, confint_proportions_2indep(a, n, b, k, compare="diff", method="newcomb", alpha=0.05), successes=a, trials=n, other_successes=b, other_trials=k)
# Newcombe's method 10 against the worked examples of his paper (Statistics in Medicine 17, 1998, 2635-2650, table II) and its formula.
def paired(e, fo, so, g, z=stats.norm.ppf(0.975)):
    n = e + fo + so + g
    wilson = lambda k: ((2 * k + z * z - z * np.sqrt(z * z + 4 * k * (1 - k / n))) / (2 * (n + z * z)), (2 * k + z * z + z * np.sqrt(z * z + 4 * k * (1 - k / n))) / (2 * (n + z * z)))
    (l1, u1), (l2, u2) = wilson(e + fo), wilson(e + so)
    A = (e + fo) * (so + g) * (e + so) * (fo + g)
    B = e * g - fo * so
    C = max(B - n / 2, 0) if B > 0 else B
    phi = C / np.sqrt(A) if A > 0 else 0
    p, q = (e + fo) / n, (e + so) / n
    return [p - q - np.sqrt(max(0, (p - l1) ** 2 - 2 * phi * (p - l1) * (u2 - q) + (u2 - q) ** 2)), p - q + np.sqrt(max(0, (q - l2) ** 2 - 2 * phi * (q - l2) * (u1 - p) + (u1 - p) ** 2))]
for kind, cells in (("ordinary", (36, 12, 2, 0)), ("ordinary", (20, 12, 2, 16)), ("none", (0, 0, 0, 30)), ("extreme", (1, 0, 0, 10**6)), ("negative correlation", (2, 20, 18, 1))):
    f.case("newcombe_paired", kind, paired(*cells), tolerance=1e-8, cells=cells)

# Weights of arrived rows: one over the delay curve of their class at their age, from lifelines.
for kind, n in (("ordinary", 60), ("tied", 90), ("all arrived", 40)):
    waited = rng.exponential(8, n) if kind != "tied" else rng.integers(1, 9, n).astype(float)
    known, y = rng.random(n) < (1 if kind == "all arrived" else 0.7), rng.random(n) < 0.4
    curves = {c: KaplanMeierFitter().fit(waited[y == c], known[y == c]) for c in (True, False)}
    ages, classes = rng.uniform(6, 30, 12) if kind != "tied" else rng.integers(4, 12, 12).astype(float), rng.random(12) < 0.5
    weights = [1 / (1 - curves[bool(c)].survival_function_at_times(age).iloc[0]) for age, c in zip(ages, classes)]
    f.case("arrival_weights", kind, weights, waited=waited, arrived=known, waited_positive=y, ages=ages, positive=classes)
f.write()
