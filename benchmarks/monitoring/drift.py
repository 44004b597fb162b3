"""`plimsoll drift` on two Parquet files beside Evidently and NannyML: whole processes, from file to numbers.

  python drift.py write FOLDER [ROWS]        two tables of ROWS (default 1,000,000) and ten columns, three of them changed
  python drift.py run FOLDER [TOOL ...]      plimsoll, plimsoll-evidently, plimsoll-nannyml, evidently, nannyml; all by default

Needs NumPy and PyArrow; `EVIDENTLY` and `NANNYML` name the Python that has each (their dependencies cannot be had together). Prints
processor seconds (user and system, all threads), wall seconds and the greatest resident memory of each, and the ratio to the first.
"""
import os
import pathlib
import subprocess
import sys
import time

PLIMSOLL = str(pathlib.Path(__file__).resolve().parents[2] / "plimsoll")
BATCH = 1_000_000

EVIDENTLY = """
import sys, warnings; warnings.simplefilter("ignore")
import pandas as pd
from evidently import DataDefinition, Dataset, Report
from evidently.presets import DataDriftPreset
before, now = (pd.read_parquet(f) for f in sys.argv[1:3])
shape = DataDefinition(numerical_columns=list(before.columns))
report = Report([DataDriftPreset()])
report.run(Dataset.from_pandas(now, shape), Dataset.from_pandas(before, shape)).json()
"""

NANNYML = """
import sys, warnings; warnings.simplefilter("ignore")
import nannyml, pandas as pd
before, now = (pd.read_parquet(f) for f in sys.argv[1:3])
rule = nannyml.UnivariateDriftCalculator(column_names=list(before.columns), continuous_methods=["jensen_shannon", "wasserstein"],
                                         chunk_number=10)
rule.fit(before)
rule.calculate(now).filter(period="analysis").to_df()
"""


def write(folder, rows):
    import numpy as np
    import pyarrow
    import pyarrow.parquet

    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(11)
    names = [f"c{i}" for i in range(10)]
    schema = pyarrow.schema([(name, pyarrow.float64()) for name in names])
    for table in ("before", "now"):
        with pyarrow.parquet.ParquetWriter(folder / f"{table}.parquet", schema) as file:
            for done in range(0, rows, BATCH):
                values = rng.standard_normal((10, min(BATCH, rows - done)))
                if table == "now":
                    values[0] += 0.3
                    values[1] *= 1.3
                    values[2] = np.exp(values[2])
                file.write_table(pyarrow.table(dict(zip(names, values)), schema=schema))


def command(tool, before, now):
    if tool == "plimsoll":
        return [PLIMSOLL, "drift", before, now, "--json"]
    if tool.startswith("plimsoll-"):
        return [PLIMSOLL, "drift", before, now, "--json", "--compat", tool.removeprefix("plimsoll-")]
    python, program = {"evidently": ("EVIDENTLY", EVIDENTLY), "nannyml": ("NANNYML", NANNYML)}[tool]
    return [os.environ.get(python, sys.executable), "-c", program, before, now]


def run(folder, tools):
    os.environ.update(DO_NOT_TRACK="1", NML_DISABLE_USAGE_LOGGING="1")  # neither is to send anything
    before, now = str(folder / "before.parquet"), str(folder / "now.parquet")
    if any(tool.startswith("plimsoll") for tool in tools):
        subprocess.run([PLIMSOLL, "--version"], check=True, stdout=subprocess.DEVNULL)  # builds what is not built
    least = None
    print(f"{'':20s} {'CPU s':>8s} {'wall s':>8s} {'MB':>8s} {'ratio':>7s}")
    for tool in tools:
        words = command(tool, before, now)
        begun = time.time()
        quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
        _, status, used = os.wait4(os.posix_spawnp(words[0], words, os.environ, file_actions=quiet), 0)
        code = os.waitstatus_to_exitcode(status)
        if code not in (0, 2):  # 2: drift
            raise SystemExit(f"{tool} ended with {code}")
        cpu = used.ru_utime + used.ru_stime
        least = least or cpu
        print(f"{tool:20s} {cpu:8.2f} {time.time() - begun:8.2f} {used.ru_maxrss / 1024:8.0f} {cpu / least:7.1f}", flush=True)


if __name__ == "__main__":
    place = pathlib.Path(sys.argv[2])
    if sys.argv[1] == "write":
        write(place, int(sys.argv[3]) if len(sys.argv) > 3 else 1_000_000)
    else:
        run(place, sys.argv[3:] or ["plimsoll", "plimsoll-evidently", "plimsoll-nannyml", "evidently", "nannyml"])
