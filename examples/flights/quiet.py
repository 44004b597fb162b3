"""Writes a folder like this one in which nothing ever changes: every day is drawn from one law.

    pip install duckdb numpy pandas
    python quiet.py FOLDER [FLIGHTS]           so many flights a day, 3,000 by default
    plimsoll demo --examples FOLDER

Route and distance are those of January's flights, drawn one by one; whether a flight is late hangs on the hour and the hub alone, which
a small model learns in a week. So no honest candidate of the demo is refused, and nothing crosses by itself: the demo says both, and
shows a candidate and a feed with a named fault.
"""

import datetime
import shutil
import sys
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

here, target = Path(__file__).resolve().parent, Path(sys.argv[1])
flights = int(sys.argv[2]) if len(sys.argv) > 2 else 3_000
target.mkdir(parents=True)
for name in ("airports.parquet", "card.yaml", "features.sql"):
    shutil.copy(here / name, target / name)
pipeline = (here / "pipeline.yaml").read_text()
(target / "pipeline.yaml").write_text(
    pipeline.replace("max_depth: 6, eta: 0.1, rounds: 100", "max_depth: 3, eta: 0.1, rounds: 40, min_child_weight: 20")
)

january = duckdb.sql(f"""
    SELECT CAST(epoch(date - date_trunc('day', date)) AS BIGINT) AS second, distance, origin, destination
    FROM '{here}/2001-01.parquet'
""").df()
hub = {name: place for place, name in enumerate(sorted(january["origin"].unique()))}
random = np.random.default_rng(2001)


def drawn(day):
    rows = january.iloc[random.integers(len(january), size=flights)].reset_index(drop=True)
    at_night = random.random(flights) < 0.25  # else too few to judge the night by itself
    second = np.where(at_night, random.integers(0, 6 * 60, flights) * 60, rows["second"])
    hour = second // 3_600
    strength = 2.2 * np.sin((hour - 8) * np.pi / 12) + 1.2 * (rows["origin"].map(hub) % 3) - 2.2
    rows["delay"] = np.where(random.random(flights) < 1 / (1 + np.exp(-strength)), 30, 0)
    rows["date"] = np.datetime64(day, "us") + second.astype("timedelta64[s]")
    return rows


for month in range(1, 7):
    first = datetime.date(2001, month, 1)
    days = (datetime.date(2001, month + 1, 1) - first).days
    rows = pd.concat([drawn(first + datetime.timedelta(day)) for day in range(days)])
    duckdb.sql(f"""
        COPY (
            SELECT CAST(date AS TIMESTAMP) AS date, CAST(delay AS SMALLINT) AS delay, distance, origin, destination
            FROM rows ORDER BY date, origin, destination, distance, delay
        ) TO '{target}/2001-{month:02}.parquet' (FORMAT parquet, COMPRESSION zstd)
    """)
