-- A line of versions. Owner, deputy and people on call are grants on model/<name>; deputy says which owner is the second,
-- call_order (JSON) in which order people are called.
CREATE TABLE model (
    name       TEXT   NOT NULL PRIMARY KEY,
    tier       TEXT   NOT NULL CHECK (tier IN ('T1', 'T2', 'T3', 'T4')),
    purpose    TEXT   NOT NULL,
    deputy     TEXT,
    call_order TEXT   NOT NULL,
    versions   BIGINT NOT NULL,
    revision   BIGINT NOT NULL,
    created_by TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE version (
    model             TEXT             NOT NULL REFERENCES model (name),
    number            BIGINT           NOT NULL,
    artifact          TEXT             NOT NULL,
    run               TEXT,
    card              TEXT             NOT NULL,
    parity_rows       BIGINT           NOT NULL,
    parity_difference DOUBLE PRECISION NOT NULL,
    state             TEXT             NOT NULL,
    registered_by     TEXT             NOT NULL,
    registered_at     BIGINT           NOT NULL,
    revision          BIGINT           NOT NULL,
    PRIMARY KEY (model, number),
    UNIQUE (model, artifact)
);

CREATE INDEX version_of_artifact ON version (artifact);

-- Every card a version ever had, by digest, with who wrote it.
CREATE TABLE card (
    model      TEXT   NOT NULL,
    number     BIGINT NOT NULL,
    digest     TEXT   NOT NULL,
    body       TEXT   NOT NULL,
    written_by TEXT   NOT NULL,
    written_at BIGINT NOT NULL,
    PRIMARY KEY (model, number, digest),
    FOREIGN KEY (model, number) REFERENCES version (model, number)
);

CREATE INDEX card_by_digest ON card (digest);
