"""Draws the files of this folder from the npm package vega-datasets 3.2.1.

    npm pack vega-datasets@3.2.1 && tar xzf vega-datasets-3.2.1.tgz
    pip install duckdb==2.0.0
    python prepare.py package/data examples/flights

Every flight of the 12 busiest origins is kept, month by month: drawing single rows would ruin the features that count
what happened at an airport during the hours before.
"""

import sys
from pathlib import Path

import duckdb

source, target = Path(sys.argv[1]), Path(sys.argv[2])
flights = f"'{source / 'flights-3m.parquet'}'"
db = duckdb.connect()
db.execute("SET threads = 1")
db.execute(f"""
    CREATE TABLE hub AS
    SELECT origin FROM {flights} GROUP BY origin ORDER BY count(*) DESC, origin LIMIT 12
""")
for month in range(1, 7):
    db.execute(f"""
        COPY (
            SELECT date, CAST(delay AS SMALLINT) AS delay, CAST(distance AS SMALLINT) AS distance, origin, destination
            FROM {flights}
            WHERE origin IN (SELECT origin FROM hub) AND year(date) = 2001 AND month(date) = {month}
            ORDER BY date, origin, destination, distance, delay
        ) TO '{target / f"2001-{month:02}.parquet"}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 22)
    """)
db.execute(f"""
    COPY (
        SELECT iata, CAST(longitude AS DOUBLE) AS longitude
        FROM read_csv('{source / 'airports.csv'}', all_varchar = true)
        WHERE iata IN (SELECT origin FROM hub) ORDER BY iata
    ) TO '{target / 'airports.parquet'}' (FORMAT parquet, COMPRESSION zstd)
""")
print(db.sql(f"SELECT count(*) AS flights FROM '{target}/2001-*.parquet'").fetchall()[0][0], "flights")
