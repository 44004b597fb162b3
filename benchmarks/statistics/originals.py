"""The Python originals on the same columns. Usage: originals.py FOLDER TASK [ROWS]

write: makes the columns (ROWS of them, default 10,000,000 for drift and 1,000,000 scores)
auc: scikit-learn; delong: MLstatkit; drift: SciPy and NumPy; evidently: Evidently's own statistics, one column
"""

import pathlib
import sys
import time
import warnings

import numpy as np

warnings.simplefilter("ignore")
folder, task = pathlib.Path(sys.argv[1]), sys.argv[2]
rows = int(sys.argv[3]) if len(sys.argv) > 3 else 10_000_000


def read(name):
    return np.fromfile(folder / (name + ".bin"), "<f8")


def timed(name, work):
    before = time.process_time()
    result = work()
    print(f"{name:28s} {time.process_time() - before:8.3f} CPU-s")
    return result


if task == "write":
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(1)
    rng.standard_normal(rows).tofile(folder / "reference.bin")
    (rng.standard_normal(rows) + 0.1).tofile(folder / "current.bin")
    y = rng.random(10**6) < 0.05
    shared = rng.standard_normal(10**6) + y
    y.astype("<f8").tofile(folder / "positive.bin")
    (shared + 0.3 * rng.standard_normal(10**6)).tofile(folder / "candidate.bin")
    (shared + 0.3 * rng.standard_normal(10**6)).tofile(folder / "champion.bin")
elif task == "auc":
    from sklearn.metrics import roc_auc_score

    y, s = read("positive") == 1, read("candidate")
    print("auc =", timed("roc_auc_score", lambda: roc_auc_score(y, s)))
elif task == "delong":
    from MLstatkit import Delong_test

    y, a, b = (read("positive")).astype(int), read("candidate"), read("champion")
    print(timed("Delong_test", lambda: Delong_test(y, a, b)))
elif task == "drift":
    from scipy import stats

    a, b = read("reference"), read("current")
    print("ks =", timed("ks_2samp", lambda: stats.ks_2samp(a, b, method="asymp")).statistic)
    print("wasserstein =", timed("wasserstein_distance", lambda: stats.wasserstein_distance(a, b)))
elif task == "evidently":
    import pandas as pd
    from evidently.legacy.calculations.stattests import registry
    from evidently.legacy.core import ColumnType

    a, b = pd.Series(read("reference")), pd.Series(read("current"))
    for name in ("wasserstein", "jensenshannon", "psi"):
        test = registry.get_registered_stattest(name, ColumnType.Numerical)
        print(name, "=", timed(name, lambda: test(a, b, ColumnType.Numerical, None).drift_score))
elif task == "preset":
    import pandas as pd
    from evidently import DataDefinition, Dataset, Report
    from evidently.presets import DataDriftPreset

    a, b = pd.DataFrame({"c": read("reference")}), pd.DataFrame({"c": read("current")})
    d = DataDefinition(numerical_columns=["c"])
    timed("DataDriftPreset, one column", lambda: Report([DataDriftPreset()]).run(Dataset.from_pandas(b, d), Dataset.from_pandas(a, d)).json())
print(f"{task:28s} {time.process_time():8.3f} CPU-s whole process")
