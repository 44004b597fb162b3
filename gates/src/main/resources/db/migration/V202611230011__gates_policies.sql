-- Published policies: immutable, numbered within their name.
CREATE TABLE policy (
    name TEXT NOT NULL,
    version BIGINT NOT NULL,
    digest TEXT NOT NULL,
    text TEXT NOT NULL,
    published_by TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    PRIMARY KEY (name, version)
);

-- Gate reports: the document itself is a blob of this digest.
CREATE TABLE gate_report (
    digest TEXT PRIMARY KEY,
    model TEXT NOT NULL,
    version BIGINT NOT NULL,
    endpoint TEXT NOT NULL,
    champion TEXT,
    policy TEXT NOT NULL,
    holdout TEXT,
    paired_table TEXT,
    verdict TEXT NOT NULL,
    promotable BOOLEAN NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE INDEX gate_report_version ON gate_report (model, version, made_at);
CREATE INDEX gate_report_holdout ON gate_report (holdout, model);
