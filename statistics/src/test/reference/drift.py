"""Drift distances and two-sample tests from SciPy, NumPy and scikit-learn."""

import mpmath
import numpy as np
from scipy import stats
from scipy.spatial.distance import jensenshannon
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

from reference import Family, Generated

f = Family("drift", ["mpmath", "numpy", "scipy", "scikit-learn"])
rng = np.random.default_rng(5)
COUNTS = [("ordinary", [120, 80, 200, 33], [100, 95, 150, 60]), ("equal", [5, 5, 10], [50, 50, 100]), ("empty bins", [0, 10, 3, 0, 7], [4, 0, 3, 0, 9]),
          ("extreme", [10**9, 1, 0], [10**9, 0, 2]), ("disjoint", [7, 0], [0, 9]), ("near", [10**7, 10**7 + 1], [10**7, 10**7])]
for kind, a, b in COUNTS:
    p, q = np.array(a) / sum(a), np.array(b) / sum(b)
    d = dict(reference=a, current=b)
    near = dict(tolerance=1e-7) if kind == "near" else {}
    if kind not in ("near", "extreme"):
        f.case("jensen_shannon", kind, jensenshannon(p, q, base=2), **d)
    else:  # SciPy cancels there; the same formula with 500 digits
        mpmath.mp.dps = 500
        P, Q = [mpmath.mpf(v) / sum(a) for v in a], [mpmath.mpf(v) / sum(b) for v in b]
        js = sum(x * mpmath.log(2 * x / (x + y)) + y * mpmath.log(2 * y / (x + y)) for x, y in zip(P, Q) for x, y in [(x + mpmath.mpf(10) ** -400, y + mpmath.mpf(10) ** -400)]) / 2
        f.case("jensen_shannon", kind, float(mpmath.sqrt(js / mpmath.log(2))), **d)
    f.case("hellinger", kind, np.linalg.norm(np.sqrt(p) - np.sqrt(q)) / np.sqrt(2), tolerance=1e-9 if kind != "near" else 1e-7, **d)
    f.case("total_variation", kind, np.abs(p - q).sum() / 2, **d)
    f.case("l_infinity", kind, np.abs(p - q).max(), **d)
    ps, qs = (np.array(a) + 0.5) / (sum(a) + len(a) / 2), (np.array(b) + 0.5) / (sum(b) + len(b) / 2)
    f.case("psi", kind, stats.entropy(ps, qs) + stats.entropy(qs, ps), tolerance=1e-9 if kind != "near" else 1e-1, **d)
    if np.all((q > 0) | (p == 0)):
        f.case("kullback_leibler", kind, stats.entropy(p, q), reference=p, current=q, tolerance=1e-9 if kind != "near" else 1e-1)
    keep = (np.array(a) + np.array(b)) > 0
    table = np.array([a, b])[:, keep]
    r = stats.chi2_contingency(table, correction=False)
    f.case("chi_square", kind, [r.statistic, r.pvalue], tolerance=1e-8, **d)
    r = stats.chi2_contingency(table)
    f.case("chi_square_corrected", kind, [r.statistic, r.pvalue], tolerance=1e-8, **d)
    if np.all(table[0] > 0):
        r = stats.chisquare(table[1], table[0] * sum(b) / sum(a))
        f.case("chi_square_goodness_of_fit", kind, [r.statistic, r.pvalue], tolerance=1e-8, **d)
f.case("kullback_leibler", "zero", stats.entropy([0.5, 0.0, 0.5], [0.2, 0.3, 0.5]), reference=[0.5, 0, 0.5], current=[0.2, 0.3, 0.5])
f.case("chi_square_goodness_of_fit", "new category", ["inf", 0], reference=[5, 5, 0], current=[5, 4, 1])

SAMPLES = [("ordinary", rng.normal(size=80), rng.normal(0.4, 1.2, size=60)), ("tied", rng.integers(0, 6, 120).astype(float), rng.integers(0, 7, 90).astype(float)),
           ("skewed", rng.pareto(0.8, 100), rng.pareto(0.7, 40)), ("extreme scale", rng.normal(size=30) * 1e300, rng.normal(size=25) * 1e300),
           ("tiny scale", rng.random(40) * 1e-300, rng.random(30) * 1.5e-300), ("large", Generated(7, 12000, "exponential", 1.0), Generated(8, 5000, "exponential", 1.1)),
           ("zero inflated", np.where(rng.random(90) < 0.6, 0, rng.normal(size=90)), np.where(rng.random(70) < 0.5, 0, rng.normal(size=70)))]
for kind, x, y in SAMPLES:
    d = dict(reference=x, current=y)
    plain = [np.asarray(x), np.asarray(y)]
    r = stats.ks_2samp(*plain, method="asymp")
    f.case("ks_asymptotic", kind, [r.statistic, r.pvalue], tolerance=1e-8, **d)
    r = stats.ks_2samp(*plain)
    f.case("ks", kind, [r.statistic, r.pvalue], tolerance=1e-8, **d)
    f.case("wasserstein", kind, stats.wasserstein_distance(*plain), **d)
    if "scale" not in kind:
        f.case("energy", kind, stats.energy_distance(*plain), **d)
        r = stats.cramervonmises_2samp(*plain, method="asymptotic")
        f.case("cramer_von_mises", kind, [r.statistic, r.pvalue], tolerance=1e-8, **d)
        r = stats.anderson_ksamp(plain, variant="midrank")
        f.case("anderson_darling", kind, [r.statistic, r.pvalue], tolerance=1e-8, **d)
        if kind != "zero inflated":
            r = stats.epps_singleton_2samp(*plain)
            f.case("epps_singleton", kind, [r.statistic, r.pvalue], tolerance=1e-7, **d)
    q75, q25 = np.percentile(plain[0], [75, 25])
    if q75 > q25:
        f.case("scaled_wasserstein", kind, stats.wasserstein_distance(*plain) / ((q75 - q25) / (2 * stats.norm.ppf(0.75))), **d)
    s = np.sort(plain[0])
    edges = np.unique([s[k * len(s) // 10] for k in range(1, 10)])
    bins = np.concatenate([[-np.inf], edges, [np.inf]])
    counts = [np.histogram(v, bins)[0] for v in plain]
    f.case("quantile_bins", kind, np.concatenate([edges, *counts]), **d)
    f.case("sturges", kind, np.histogram(plain[0], "sturges")[0], values=x)
    f.case("sturges_edges", kind, np.histogram_bin_edges(plain[0], "sturges"), values=x, tolerance=1e-12)
    if "scale" not in kind:
        f.case("doane_edges", kind, np.histogram_bin_edges(plain[0], "doane"), values=x)
x, y = rng.normal(size=12), rng.normal(1, 1, 9)
r = stats.epps_singleton_2samp(x, y)
f.case("epps_singleton", "small", [r.statistic, r.pvalue], tolerance=1e-7, reference=x, current=y)
f.case("anderson_darling", "far apart", [stats.anderson_ksamp([x, x + 50], variant="midrank").statistic, 0.001], reference=x, current=x + 50)
f.case("sturges_edges", "all equal", np.histogram_bin_edges(np.full(9, 3.0), "sturges"), values=[3.0] * 9)
f.case("doane_edges", "two rows", np.histogram_bin_edges(np.array([1.0, 4.0]), "doane"), values=[1.0, 4.0])

for kind, rows, columns in (("ordinary", 60, 4), ("collinear", 50, 5), ("constant column", 40, 3)):
    base = rng.normal(size=(rows, 2))
    X = base @ rng.normal(size=(2, columns)) + 0.3 * rng.normal(size=(rows, columns))
    if kind == "collinear":
        X[:, 4] = 2 * X[:, 0] - X[:, 1]
    if kind == "constant column":
        X[:, 1] = 7.0
    Y = rng.normal(size=(10, columns)) * 2
    scaler = StandardScaler().fit(X)
    pca = PCA(n_components=0.65).fit(scaler.transform(X))
    Z = scaler.transform(Y)
    errors = np.linalg.norm(Z - pca.inverse_transform(pca.transform(Z)), axis=1)
    f.case("pca_reconstruction", kind, [len(pca.components_), errors.mean(), *errors], reference=[list(r) for r in X], rows=[list(r) for r in Y], share=0.65)

# Where n·m/(n + m) is a whole number and a half, SciPy rounds to even; one and a few rows of one sample.
for kind, n, m in (("half below", 5, 5), ("half above", 7, 7), ("one row of one sample", 2, 4), ("large half", 9001, 9001)):
    x, y = Generated(n, n, "uniform", 1.0), Generated(n + m, m, "uniform", 1.2)
    r = stats.ks_2samp(np.array(x), np.array(y), method="asymp")
    f.case("ks_asymptotic", kind, [r.statistic, r.pvalue], tolerance=1e-8, reference=x, current=y)
for kind, x, y in (("ordinary", rng.normal(size=12), rng.normal(0.8, 1, 15)), ("coprime", rng.normal(size=19), rng.normal(0.3, 1, 20)), ("tiny scale", rng.random(9) * 1e-300, rng.random(14) * 1.7e-300),
                   ("huge scale", rng.random(10) * 1e308, rng.random(16) * 1e308), ("tied", np.round(rng.normal(size=14)), np.round(rng.normal(0.6, 1, 11))), ("two rows", np.array([1.0, 2.0]), rng.normal(size=18))):
    r = stats.cramervonmises_2samp(x, y, method="exact")
    f.case("cramer_von_mises_exact", kind, [r.statistic, r.pvalue], tolerance=1e-9, reference=x, current=y)
f.case("energy", "extreme scale", np.sqrt(2 * 1e154) * np.sqrt(1e154), reference=[0.0, 0.0], current=[1e308])
f.case("doane_edges", "few rows", np.histogram_bin_edges(np.array([24.0, 17.0, 37.0, 15.0]), "doane"), values=[24.0, 17.0, 37.0, 15.0])  # a bin more than with the error of other n
for kind, n, m, bins, level in (("ordinary", 1000, 500, 10, 0.05), ("few rows", 20, 30, 2, 0.5), ("many rows", 10**9, 10**7, 51, 1e-6), ("beyond 1", 1, 1, 11, 0.01)):
    f.case("noise_jensen_shannon", kind, min(1, np.sqrt(stats.chi2.isf(level, bins - 1) * (1 / n + 1 / m) / (8 * np.log(2)))), tolerance=1e-8, reference_rows=n, current_rows=m, bins=bins, level=level)
    f.case("noise_kolmogorov_smirnov", kind, min(1, np.sqrt(np.log(2 / level) / 2 * (1 / n + 1 / m))), reference_rows=n, current_rows=m, level=level)
f.write()
