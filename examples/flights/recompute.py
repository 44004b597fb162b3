"""Computes the demo's windows again, from its log alone, and compares them with what the demo said.

  plimsoll predictions late-arrival --output FOLDER/log.parquet
  plimsoll model export late-arrival@1 FOLDER/late-arrival@1         for each version that served
  plimsoll gate rows REPORT FOLDER/late-arrival@1.parquet            the rows it was approved on
  python recompute.py demo.json FOLDER

Written from docs/demo.md, not from the product's code. Needs DuckDB, NumPy, SciPy and scikit-learn. Prints, for each sort of number,
how many were compared and the greatest difference, as JSON.
"""
import datetime
import json
import math
import pathlib
import sys

import duckdb
import numpy as np
from scipy.special import gammaln
from scipy.stats import t as student
from sklearn.metrics import roc_auc_score

RUN_LENGTH = 1_000
TENTHS = 10


def distance(expected, found):
    """Jensen-Shannon, base 2."""
    p, q = (np.asarray(side, float) / np.sum(side) for side in (expected, found))
    m = (p + q) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        both = np.nansum(p * np.log2(p / m)) + np.nansum(q * np.log2(q / m))
    return math.sqrt(max(0.0, both / 2))


def stability(expected, found):
    """PSI, half a row added to each bin."""
    p, q = ((np.asarray(side) + 0.5) / (np.sum(side) + len(side) / 2) for side in (expected, found))
    return float(np.sum((p - q) * np.log(p / q)))


# ---- bins ----


def edges_of(values, bins=512):
    ordered = np.sort(values)
    return np.unique(ordered[[k * len(ordered) // bins for k in range(1, bins)]])


def fine(edges, values):
    """Between two edges, on an edge, between, on, ..."""
    below = np.searchsorted(edges, values, "left")
    on = (below < len(edges)) & (edges[np.minimum(below, len(edges) - 1)] == values)
    return np.bincount(2 * below + on, minlength=2 * len(edges) + 1)


class Numbers:
    """Tenths of the reference, missing values, values that are not finite."""

    def __init__(self, edges, counts):
        self.edges = np.array(edges)
        below = np.cumsum(counts) - counts
        middle = (below + np.array(counts) // 2) * TENTHS // max(1, sum(counts))
        self.tenth = np.minimum(TENTHS - 1, middle).astype(int)

    def counts(self, values):
        values = np.asarray(values, float)
        finite = values[np.isfinite(values)]
        tenths = np.bincount(self.tenth, weights=fine(self.edges, finite), minlength=TENTHS)
        return np.append(tenths, [np.isnan(values).sum(), np.isinf(values).sum()]).astype(int)


class Words:
    """The ten most frequent words, other known ones, unknown ones, missing."""

    def __init__(self, words):
        self.place = {word["value"]: min(TENTHS, i) for i, word in enumerate(words)}

    def counts(self, values):
        counts = np.zeros(TENTHS + 3, int)
        for value in values:
            counts[TENTHS + 2 if value is None else self.place.get(value, TENTHS + 1)] += 1
        return counts


# ---- what windows are like while nothing changes ----


class SplitMix:
    """java.util.SplittableRandom: G. Steele, D. Lea, C. Flood, OOPSLA 2014."""

    def __init__(self, seed):
        self.seed = seed

    def next(self, bound):
        self.seed = (self.seed + 0x9E3779B97F4A7C15) % 2**64
        z = (self.seed ^ self.seed >> 33) * 0x62A9D9ED799705F5 % 2**64
        bits = (z ^ z >> 28) * 0xCB24D0A5C88C35B3 % 2**64 >> 32
        if bound & bound - 1 == 0:
            return bits & bound - 1
        bits >>= 1
        return bits % bound if bits - bits % bound + bound - 1 < 2**31 else self.next(bound)


def likelihood(counts, kappa, shares):
    """ln of the Dirichlet-multinomial probability, without the multinomial coefficient."""
    a = kappa * shares
    return np.sum(gammaln(a + counts) - gammaln(a)) + gammaln(kappa) - gammaln(kappa + np.sum(counts))


class Season:
    def __init__(self, stretches):
        self.all = np.sum(stretches, 0)
        self.shares = self.pooled(stretches)
        random = SplitMix(20_010_131)
        self.resampled = []
        for _ in range(24):
            drawn = [random.next(len(stretches)) for _ in stretches]
            self.resampled.append(self.pooled([stretches[i] for i in drawn]))
        grid = 10 ** (np.arange(141) * 7 / 140)
        logs = np.array([sum(likelihood(s, kappa, self.shares) for s in stretches) for kappa in grid])
        self.kappa = grid[np.argmax(logs >= logs.max() - 0.8211872075749085)]
        away = [distance(self.all - s, s) for s in stretches]
        n = len(stretches)
        reach = np.mean(away) + student.isf(1 / 2_000, n - 1) * math.sqrt(np.var(away, ddof=1) * (1 + 1 / n))
        self.warning = max(0.05, reach)

    @staticmethod
    def pooled(stretches):
        counts = np.sum(stretches, 0) + 0.5
        return counts / counts.sum()

    def log_e(self, counts, recent):
        usual = max(likelihood(counts, self.kappa, p) for p in [self.shares, *self.resampled])
        shifted = likelihood(counts, self.kappa, recent)
        wobbling = likelihood(counts, self.kappa / 4, self.shares)
        return np.logaddexp(shifted, wobbling) - math.log(2) - usual


def seasons(stretches):
    """One for all days; or, of a column that follows the weekday, one for each of which there are five."""
    by_weekday = {}
    for name, counts in stretches.items():
        by_weekday.setdefault(datetime.date.fromisoformat(name).strftime("%A"), []).append(counts)
    every = list(stretches.values())
    if len(by_weekday) > 1 and min(map(len, by_weekday.values())) > 1:
        like = sum(distance(np.sum(alike, 0) - s, s) ** 2 for alike in by_weekday.values() for s in alike)
        if like < 0.5 * sum(distance(np.sum(every, 0) - s, s) ** 2 for s in every):
            return {day: Season(alike) for day, alike in by_weekday.items() if len(alike) >= 5}
    return {"": Season(every)} if len(every) > 1 else {}


class Watch:
    """The running evidence about one column."""

    def __init__(self, bins, stretches):
        self.bins = bins
        self.seasons = seasons({name: counts for name, counts in stretches.items() if sum(counts) > 0})
        self.recent = {}
        self.log_m = -math.inf

    def look(self, day, values):
        counts = self.bins.counts(values)
        name = "" if "" in self.seasons else day.strftime("%A")
        if name not in self.seasons:
            return None
        season = self.seasons[name]
        recent = self.recent.get(name, season.shares)
        self.log_m = np.logaddexp(0, self.log_m) + season.log_e(counts, recent)
        self.log_m = min(self.log_m, math.log(RUN_LENGTH) + math.log(1e6))
        self.recent[name] = 0.9 * (0.7 * recent + 0.3 * counts / counts.sum()) + 0.1 * season.shares
        return {"psi": stability(season.all, counts), "jensen_shannon": distance(season.all, counts),
                "log10": self.log_m / math.log(10), "warning": season.warning}


def watches(folder, version):
    """Of a version's inputs, from its profile; of its score, from the rows it was approved on."""
    profile = json.loads((folder / version / "profile.json").read_text())
    found = {}
    for column in profile["whole"]["columns"]:
        text = column["type"] in ("text", "category")
        bins = Words(column["words"]) if text else Numbers(column["numbers"]["bins"]["edges"],
                                                           column["numbers"]["bins"]["counts"])
        found["INPUT", column["name"]] = Watch(bins, {s["name"]: np.array(s["counts"][column["name"]])
                                                      for s in profile["stretches"]})
    judged = duckdb.sql(f"select cluster, candidate from '{folder / version}.parquet'").df()
    edges = edges_of(judged["candidate"])
    bins = Numbers(edges, fine(edges, judged["candidate"]))
    found["OUTPUT", "score"] = Watch(bins, {day: bins.counts(rows["candidate"])
                                            for day, rows in judged.groupby("cluster")})
    return profile, found


# ---- live performance ----


def interval(values, scopes):
    """A confidence sequence for the mean of the daily values, at .01 over all scopes and both sides."""
    n, level, tuned = len(values), 2 * 0.01 / scopes, 28
    twice = -2 * math.log(level)
    rho = tuned / (twice + math.log1p(twice))
    reach = math.sqrt((n + rho) * (math.log1p(n / rho) - 2 * math.log(level)))
    radius = np.std(values, ddof=1) * reach / n
    return np.mean(values) - radius, np.mean(values) + radius


def area(rows):
    known = rows["late"].nunique() == 2
    return roc_auc_score(rows["late"], rows["score"]) if known else None


class Compared:
    def __init__(self):
        self.count, self.worst = {}, {}

    def add(self, what, said, computed):
        self.count[what] = self.count.get(what, 0) + 1
        self.worst[what] = max(self.worst.get(what, 0.0), abs(float(said) - float(computed)))


def main(said, folder):
    compared = Compared()
    log = folder / "log.parquet"
    names = [row[0] for row in duckdb.sql(f"describe select * from '{log}'").fetchall()]
    score = next(name for name in names if name.startswith("out."))
    known, daily = {}, {}
    for window in sorted(said["windows"], key=lambda it: it["day"]):
        day = datetime.date.fromisoformat(window["day"])
        rows = duckdb.sql(f"""
            select *, "{score}" as score, outcome = 'true' as late from '{log}' where arm <> 'shadow'
            and event_time >= '{window['from'][:19]}' and event_time < '{window['until'][:19]}'""").df()
        compared.add("rows", window["rows"], len(rows) - window["late"])
        version = window["version"]
        rows = rows[rows["version"] == version]
        if version not in known:
            known[version] = watches(folder, version)
        profile, watched = known[version]
        bounds = columns(window, day, rows, profile, watched, compared)
        crossed(window, bounds, compared)
        if window["state"] == "MATURE":
            performance(window, day, rows, version, log, score, daily, compared)
    print(json.dumps({"compared": compared.count, "worst": compared.worst}))


def columns(window, day, rows, profile, watched, compared):
    """Each column beside its reference; gives which are alarmed by evidence."""
    evidence = {}
    for said in window["columns"]:
        name, part = said["name"], said["part"]
        values = rows["score"] if part == "OUTPUT" else rows[f"in.{name}"]
        is_text = values.dtype.kind not in "fiub"
        values = [None if v is None or v != v else v for v in values] if is_text else values.to_numpy(float)
        missing = sum(v is None for v in values) if is_text else np.isnan(values).sum()
        compared.add("missing", said["missing"], missing / len(rows))
        if is_text:
            bins = watched[part, name].bins
            compared.add("unseen", said["unseen"],
                         sum(v is not None and v not in bins.place for v in values) / len(rows))
        else:
            compared.add("mean", said["mean"], np.nanmean(values))
        found = watched[part, name].look(day, values)
        if found is None:
            compared.add("not compared", 0, int("psi" in said))
            continue
        compared.add("psi", said["psi"], found["psi"])
        compared.add("jensen_shannon", said["jensen_shannon"], found["jensen_shannon"])
        compared.add("warning", said["evidence"]["warning"], found["warning"])
        compared.add("evidence", said["evidence"]["log10"], found["log10"])
        evidence[part, name] = found
    ordered = sorted((it["log10"] for it in evidence.values()), reverse=True)
    together = [k for k, log10 in enumerate(ordered, 1) if log10 >= math.log10(len(ordered) * RUN_LENGTH / k)]
    bound = math.log10(len(ordered) * RUN_LENGTH / max(together, default=1))
    for said in window["columns"]:
        if "evidence" in said:
            compared.add("bound", said["evidence"]["bound"], bound)
    return {key: (it["log10"] >= bound, it["jensen_shannon"] > it["warning"]) for key, it in evidence.items()}


def crossed(window, found, compared):
    """What is said to have drifted is what did."""
    said = {it["column"]: it for it in window["crossings"] if it["what"] == "drift"}
    for (_, name), (alarms, is_far) in found.items():
        compared.add("drift", name in said, alarms or is_far)
        if alarms and name in said:
            inside = "performance is inside its bounds" in said[name]["text"]
            compared.add("alarm", said[name]["severity"] == "ALARM", not inside)


def performance(window, day, rows, version, log, score, daily, compared):
    labelled = rows[rows["outcome"].notna()]
    claims = window["performance"]
    scopes = sum(claim["origin"] == "APPROVAL" for claim in claims)
    for claim in claims:
        if claim["metric"] != "auc":
            continue
        if claim["origin"] == "OBLIGATION":
            week = duckdb.sql(f"""
                select "{score}" as score, outcome = 'true' as late from '{log}'
                where arm <> 'shadow' and version = '{version}' and outcome is not null
                and event_time::date between '{claim['from']}' and '{claim['until']}'""").df()
            if len(week) == claim["labelled"]:  # else truths were told after this was judged
                compared.add("promise", claim["measured"], area(week))
            continue
        some = labelled
        if "segment" in claim:
            some = labelled[labelled[f"in.{claim['segment']}"] == claim["value"]]
        values = daily.setdefault((version, claim.get("segment"), claim.get("value")), [])
        value = area(some) if len(some) else None
        if value is not None:
            values.append(value)
        if "measured" in claim and len(some) == claim["labelled"]:
            compared.add("auc", claim["measured"], np.mean(values))
        if "lower" in claim:
            lower, upper = interval(values, scopes)
            compared.add("interval", claim["lower"], lower)
            compared.add("interval", claim["upper"], upper)
            verdict = "HARM" if upper < claim["limit"] else "PASS" if lower >= claim["limit"] else "INCONCLUSIVE"
            compared.add("verdict", claim["verdict"] == verdict, True)


if __name__ == "__main__":
    main(json.loads(pathlib.Path(sys.argv[1]).read_text()), pathlib.Path(sys.argv[2]))
