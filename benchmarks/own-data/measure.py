"""Time and peak memory of `plimsoll init` and `plimsoll run` on a file of many rows, and on one of many columns.

    python3 measure.py tall            5,000,000 rows of 10 columns, CSV
    python3 measure.py wide            2,000 rows of 1,000 columns, CSV
    python3 measure.py tall --rows N

Needs no more than Python itself and GNU time's rusage by way of `resource`; the file and the folder are made in a temporary
directory and removed. Peak memory is the greatest resident set of the process, DuckDB's and XGBoost's native memory included.
"""

import argparse
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCK = 20_000


def tall(path, rows):
    """A block of random rows, repeated with another day and identifier, so that writing takes less than reading."""
    draw = random.Random(1)
    block = []
    for _ in range(BLOCK):
        age, income = draw.randint(18, 90), round(draw.lognormvariate(10, 0.6), 2)
        risk = draw.gauss(0, 1) + (age - 50) / 40 - (income > 30_000)
        words = (
            f"{age},{income},{draw.choice('ABCDEFG')},{draw.choice(['north', 'south', 'east', 'west'])},"
            f"{draw.gauss(0, 1):.6f},{'' if draw.random() < 0.1 else draw.randint(0, 400)},{draw.choice(['true', 'false'])},"
            f"{'yes' if risk > 1 else 'no'}\n"
        )
        block.append(words)
    with open(path, "w") as out:
        out.write("id,day,age,income,grade,region,signal,months,member,default\n")
        for start in range(0, rows, BLOCK):
            day = f"2023-{1 + start * 12 // rows:02d}-{1 + start // BLOCK % 28:02d}"
            out.writelines(f"{start + i},{day},{words}" for i, words in enumerate(block[: rows - start]))
    return ["--target", "default", "--time", "day"]


def wide(path, rows, columns=1_000):
    draw = random.Random(2)
    with open(path, "w") as out:
        out.write(",".join(f"v{i}" for i in range(columns)) + ",y\n")
        for _ in range(rows):
            values = [draw.gauss(0, 1) for _ in range(columns)]
            out.write(",".join(f"{v:.4f}" for v in values) + (",1\n" if values[0] + values[1] > 0 else ",0\n"))
    return ["--target", "y"]


def measured(command, folder):
    """Seconds and peak resident MB of this process; its server, if it left one, has ended before."""
    began = time.time()
    child = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(said)
    return said, time.time() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("shape", choices=["tall", "wide"])
    ask.add_argument("--rows", type=int)
    asked = ask.parse_args()
    rows = asked.rows or (5_000_000 if asked.shape == "tall" else 2_000)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="own-data-"))
    launcher = os.environ.get("PLIMSOLL", str(ROOT / "plimsoll"))
    try:
        subprocess.run([launcher, "--version"], check=True, stdout=subprocess.DEVNULL)  # builds, if anything is stale
        file = folder / "rows.csv"
        options = (tall if asked.shape == "tall" else wide)(file, rows)
        print(f"{asked.shape}: {rows:,} rows, {file.stat().st_size / 1e6:,.0f} MB of CSV")
        for name, where, command in [
            ("init", folder, [launcher, "init", "bench", "--data", str(file), *options]),
            ("run", folder / "bench", [launcher, "run"]),
            ("run again", folder / "bench", [launcher, "run"]),
        ]:
            said, wall, cpu, peak = measured(command, where)
            print(f"{name:10} {wall:7.1f} s  {cpu:7.1f} CPU-s  {peak:7,.0f} MB peak", flush=True)
            if name == "run":
                print(said, end="")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
