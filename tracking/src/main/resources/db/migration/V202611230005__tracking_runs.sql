CREATE TABLE experiment (
    name       TEXT PRIMARY KEY,
    number     BIGINT NOT NULL UNIQUE,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE run (
    id            TEXT PRIMARY KEY,
    experiment    TEXT NOT NULL REFERENCES experiment (name),
    name          TEXT,
    purpose       TEXT NOT NULL CHECK (purpose IN ('RUN', 'RERUN')),
    origin        TEXT REFERENCES run (id),
    parent        TEXT REFERENCES run (id),
    step          TEXT,
    step_key      TEXT,
    restored_from TEXT REFERENCES run (id),
    status        TEXT NOT NULL CHECK (status IN ('SCHEDULED', 'RUNNING', 'FINISHED', 'FAILED', 'KILLED')),
    started_by    TEXT NOT NULL,
    started_at    BIGINT NOT NULL,
    ended_at      BIGINT,
    reason        TEXT,
    seal          TEXT
);
CREATE INDEX run_of_experiment ON run (experiment, id) WHERE parent IS NULL;
CREATE INDEX run_steps ON run (parent) WHERE parent IS NOT NULL;
CREATE INDEX run_by_key ON run (step_key) WHERE step_key IS NOT NULL;

CREATE TABLE run_parameter (
    run   TEXT NOT NULL REFERENCES run (id),
    key   TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (run, key)
);
CREATE TABLE run_tag (
    run   TEXT NOT NULL REFERENCES run (id),
    key   TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (run, key)
);

-- Points in the order they arrive. An index over key and step would touch a page for every row of a batch.
CREATE TABLE metric (
    run   TEXT NOT NULL REFERENCES run (id),
    key   TEXT NOT NULL,
    step  BIGINT NOT NULL,
    at    BIGINT NOT NULL,
    value DOUBLE PRECISION
);
CREATE INDEX metric_of_run ON metric (run);

-- The value of each metric of a closed run, for searching; written once, at the closing.
CREATE TABLE metric_latest (
    run   TEXT NOT NULL REFERENCES run (id),
    key   TEXT NOT NULL,
    step  BIGINT NOT NULL,
    at    BIGINT NOT NULL,
    value DOUBLE PRECISION,
    PRIMARY KEY (run, key)
);
CREATE INDEX metric_latest_by_value ON metric_latest (key, value, run);

CREATE TABLE run_port (
    run       TEXT NOT NULL REFERENCES run (id),
    direction TEXT NOT NULL CHECK (direction IN ('IN', 'OUT')),
    place     BIGINT NOT NULL,
    name      TEXT NOT NULL,
    digest    TEXT NOT NULL,
    form      TEXT NOT NULL CHECK (form IN ('FILE', 'FOLDER', 'SNAPSHOT')),
    PRIMARY KEY (run, direction, name)
);
CREATE INDEX run_port_by_digest ON run_port (digest);

CREATE TABLE run_artifact (
    run    TEXT NOT NULL REFERENCES run (id),
    path   TEXT NOT NULL,
    digest TEXT NOT NULL,
    bytes  BIGINT NOT NULL,
    at     BIGINT NOT NULL,
    PRIMARY KEY (run, path)
);

CREATE TABLE run_verification (
    run      TEXT NOT NULL REFERENCES run (id),
    place    BIGINT NOT NULL,
    step     TEXT NOT NULL,
    output   TEXT NOT NULL,
    level    TEXT NOT NULL CHECK (level IN ('RESTORED', 'BYTES', 'MEANING', 'PREDICTIONS', 'METRICS', 'DIFFERENT')),
    original TEXT NOT NULL,
    repeated TEXT NOT NULL,
    PRIMARY KEY (run, step, output)
);
CREATE INDEX run_verification_by_original ON run_verification (original);

CREATE TABLE lineage (
    source TEXT NOT NULL,
    target TEXT NOT NULL,
    input  TEXT NOT NULL,
    run    TEXT NOT NULL REFERENCES run (id),
    step   TEXT NOT NULL,
    person TEXT NOT NULL,
    at     BIGINT NOT NULL,
    PRIMARY KEY (target, source, input, run)
);
CREATE INDEX lineage_forward ON lineage (source);
