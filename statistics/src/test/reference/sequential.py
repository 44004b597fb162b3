"""Anytime-valid inference from confseq, and e-values written out from their definitions."""

import numpy as np
from confseq import betting, boundaries, predmix
from scipy import optimize, special, stats

from reference import Family

f = Family("sequential", ["numpy", "scipy", "confseq"])
rng = np.random.default_rng(11)
INPUTS = (("ordinary", rng.random(200), 0.45), ("discrete", rng.choice([0, 0.5, 1], 300, p=[0.1, 0.75, 0.15]), 0.505),
          ("extreme", np.concatenate([np.zeros(50), np.ones(20), [1e-300]]), 0.01), ("one row", np.array([1.0]), 0.9))
for kind, x, m in INPUTS:
    grid = [lambda x, m, k=k: np.full(len(x), 0.9 / m * 2.0**-k) for k in range(9)]
    e = betting.diversified_betting_mart(x, m, lambdas_fns_positive=grid, lambdas_weights=[1 / 9] * 9, theta=1, trunc_scale=1)[-1]
    f.case("bounded_mean", kind, np.log(e), x=x, null_mean=m)
for kind, worse, equal, better, m in (("ordinary", 30, 900, 22, 0.01), ("equal", 5, 0, 5, 0.0), ("extreme", 1000, 10**6, 0, 0.02), ("negative", 3, 50, 9, -0.05)):
    def log_e(ones, zeros, null):
        lam = 0.9 / null * 2.0 ** -np.arange(9)
        acc = ones * np.log1p(lam * (1 - null)) + equal * np.log1p(lam * (0.5 - null)) + zeros * np.log1p(-lam * null)
        return special.logsumexp(acc) - np.log(9)
    f.case("paired_losses", kind, [log_e(worse, better, (1 + m) / 2), log_e(better, worse, 1 - (1 + m) / 2)],
           worse=worse, equal=equal, better=better, margin=m)
GRIDS = {"HARM": [1.2, 1.35, 1.5, 1.75, 2, 2.5, 3, 4, 6, 10], "SAFE": [0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.6, 0.5]}
for kind, strata, r0 in (("ordinary", [(0.05, 60, 760), (0.2, 210, 650)], 1.1), ("one event", [(0.5, 1, 0)], 1.25),
                         ("extreme", [(1e-4, 50, 1000), (0.9, 100000, 1), (0.3, 0, 0)], 1.0), ("no events", [(0.1, 0, 0)], 2.0)):
    for side, grid in GRIDS.items():
        total = np.zeros(len(grid))
        for w, c, b in strata:
            th = lambda r: w * r / (w * r + 1 - w)
            total += [stats.binom.logpmf(c, c + b, th(g * r0)) - stats.binom.logpmf(c, c + b, th(r0)) for g in grid]
        f.case("count_process", kind, special.logsumexp(total) - np.log(len(grid)), tolerance=1e-8,
               side=side, null_ratio=r0, shares=[s[0] for s in strata], canary=[s[1] for s in strata], champion=[s[2] for s in strata])
for kind, n, w, d in (("ordinary", 150, 0.2, 0.02), ("discrete", 80, 0.5, 0.0), ("extreme", 60, 0.001, -0.5)):
    canary = rng.random(n) < max(w, 0.3)
    x = np.round(rng.random(n)) if kind == "discrete" else rng.random(n)
    y = np.where(canary, (x - 0.5) / w, -(x - 0.5) / (1 - w))
    g = (y - d) / (0.5 / min(w, 1 - w) + d)
    logs = [np.log1p(0.9 * 2.0**-k * g).sum() for k in range(9)]
    f.case("two_arm_mean", kind, special.logsumexp(logs) - np.log(9), x=x, canary=canary, share=w, tolerated=d)
for kind, v, opt, alpha in (("ordinary", 40.0, 100.0, 0.05), ("zero", 0.0, 10.0, 0.01), ("extreme", 1e8, 1.0, 1e-6), ("late", 3.0, 1e6, 0.2)):
    f.case("normal_mixture", kind, boundaries.normal_mixture_bound(v, alpha, opt, alpha, False), variance=v, tuned_to=opt, level=alpha)
for kind, v, opt, alpha in (("ordinary", 40.0, 100.0, 0.05), ("early", 1.0, 50.0, 0.01), ("tight", 100.0, 100.0, 1e-6), ("late", 2000.0, 100.0, 0.2)):
    f.case("one_sided_normal_mixture", kind, boundaries.normal_mixture_bound(v, alpha, opt, alpha, True), tolerance=1e-8, variance=v, tuned_to=opt, level=alpha)
for kind, s, n, alpha, opt in (("ordinary", 37, 120, 0.05, 100), ("none", 0, 40, 0.05, 1000), ("all", 25, 25, 0.01, 10), ("fraction", 3.25, 1000, 0.1, 500), ("large", 900000, 10**6, 0.05, 10**5)):
    f.case("bernoulli_sequence", kind, boundaries.bernoulli_confidence_interval(s, n, alpha, opt), tolerance=1e-8, successes=s, trials=n, level=alpha, tuned_to=opt)
for kind, x in (("ordinary", rng.normal(3, 2, 400)), ("discrete", rng.integers(0, 2, 100).astype(float)), ("extreme", rng.normal(size=150) * 1e150)):
    n, s = len(x), np.std(x, ddof=1)
    rho2 = 1 / (200 / (2 * np.log(1 / 0.05) + np.log(1 + 2 * np.log(1 / 0.05))))
    r = s * np.sqrt(2 * (n * rho2 + 1) / (n**2 * rho2) * np.log(np.sqrt(n * rho2 + 1) / 0.05))
    f.case("asymptotic_sequence", kind, [x.mean() - r, x.mean() + r], x=x, level=0.05, tuned_to=200)
    f.case("moments", kind, [x.mean(), x.var(), x.var(ddof=1)], x=x)
for kind, x, _ in INPUTS:
    l, u = predmix.predmix_empbern_twosided_cs(x, alpha=0.1)
    f.case("empirical_bernstein", kind, [l[-1], u[-1]], x=x, level=0.1)
for kind, logs in (("ordinary", rng.normal(0, 2, 12)), ("tied", np.round(rng.normal(1, 1, 10))), ("extreme", np.array([-1e300, 800.0, 750.0, 0.0, 3.0, "-inf"], dtype=float)), ("one", np.array([3.5]))):
    f.case("e_average", kind, special.logsumexp(logs) - np.log(len(logs)), log_e=logs)
    e = np.exp(np.minimum(logs, 700))
    order = np.sort(logs)[::-1]
    k = [i + 1 for i in range(len(logs)) if np.log(i + 1) + order[i] >= np.log(len(logs) / 0.1)]
    f.case("e_bh", kind, (logs >= order[max(k) - 1]).astype(float) if k else np.zeros(len(logs)), log_e=logs, level=0.1)
    f.case("e_bonferroni", kind, (logs >= np.log(len(logs) / 0.1)).astype(float), log_e=logs, level=0.1)
    m = 0.0
    if kind != "extreme":
        for v in logs:
            m = (m + 1) * np.exp(v)
        f.case("e_detector", kind, np.log(m), log_e=logs)
f.case("e_detector", "extreme", 800 + 900 + 0.0, log_e=[800.0, 900.0])
for kind, c, kappa, p in (("ordinary", [12, 30, 8], 50.0, [0.2, 0.6, 0.2]), ("empty bin", [0, 40, 0, 1], 5.0, [0.25] * 4), ("extreme", [100000, 3, 250000], 1e6, [0.3, 1e-6, 0.699999])):
    c_, p_ = np.array(c), np.array(p)
    coefficient = special.gammaln(c_.sum() + 1) - special.gammaln(c_ + 1).sum()
    f.case("dirichlet_multinomial", kind, stats.dirichlet_multinomial.logpmf(c_, kappa * p_, c_.sum()) - coefficient, tolerance=1e-7, counts=c, concentration=kappa, shares=p)
f.write()
