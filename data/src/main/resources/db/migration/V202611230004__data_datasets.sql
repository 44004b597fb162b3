-- Lines of snapshots. A snapshot itself is a manifest, kept as a blob under its digest.
CREATE TABLE dataset (
    name TEXT PRIMARY KEY,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL);

-- Each time somebody added a snapshot to a dataset; the greatest number is the latest.
CREATE TABLE snapshot_addition (
    dataset TEXT NOT NULL REFERENCES dataset (name),
    number BIGINT NOT NULL,
    digest TEXT NOT NULL,
    row_count BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    files BIGINT NOT NULL,
    added_by TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (dataset, number));

CREATE INDEX snapshot_addition_digest ON snapshot_addition (digest);
