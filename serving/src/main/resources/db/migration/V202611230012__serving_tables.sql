CREATE TABLE environment (
    name     TEXT   NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL UNIQUE
);

INSERT INTO environment (name, position) VALUES ('development', 0), ('staging', 1), ('production', 2);

-- revision: of the newest table, 0 before the first; edition: counts every change a node must hear of
CREATE TABLE endpoint (
    name        TEXT    NOT NULL PRIMARY KEY,
    environment TEXT    NOT NULL REFERENCES environment (name),
    model       TEXT    NOT NULL,
    time        TEXT    NOT NULL CHECK (time IN ('CLOCK', 'REPLAY')),
    synced      BOOLEAN NOT NULL,
    created_at  BIGINT  NOT NULL,
    revision    BIGINT  NOT NULL,
    edition     BIGINT  NOT NULL
);

CREATE TABLE routing_table (
    endpoint          TEXT             NOT NULL REFERENCES endpoint (name),
    revision          BIGINT           NOT NULL,
    champion          TEXT             NOT NULL,
    champion_artifact TEXT             NOT NULL,
    canary            TEXT,
    canary_share      DOUBLE PRECISION NOT NULL,
    shadows           TEXT             NOT NULL,
    salt              BIGINT           NOT NULL,
    digest            TEXT             NOT NULL,
    why               TEXT             NOT NULL,
    stable            BOOLEAN          NOT NULL,
    drained           BOOLEAN          NOT NULL,
    published_by      TEXT             NOT NULL,
    published_at      BIGINT           NOT NULL,
    note              TEXT             NOT NULL,
    PRIMARY KEY (endpoint, revision)
);

CREATE TABLE permit (
    id         TEXT   NOT NULL PRIMARY KEY,
    endpoint   TEXT   NOT NULL REFERENCES endpoint (name),
    version    TEXT   NOT NULL,
    artifact   TEXT   NOT NULL,
    candidate  TEXT   NOT NULL,
    issued_by  TEXT   NOT NULL,
    issued_at  BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    body       TEXT   NOT NULL,
    signature  TEXT   NOT NULL
);

CREATE INDEX permit_of_version ON permit (endpoint, version);

CREATE TABLE rollout (
    id              TEXT   NOT NULL PRIMARY KEY,
    endpoint        TEXT   NOT NULL REFERENCES endpoint (name),
    candidate       TEXT   NOT NULL,
    artifact        TEXT   NOT NULL,
    champion        TEXT,
    state           TEXT   NOT NULL,
    resumes         TEXT,
    step            BIGINT NOT NULL,
    plan            TEXT   NOT NULL,
    policy          TEXT   NOT NULL,
    replay_rows     TEXT,
    salt            BIGINT NOT NULL,
    started_by      TEXT   NOT NULL,
    started_at      BIGINT NOT NULL,
    step_started_at BIGINT NOT NULL,
    received_from   BIGINT NOT NULL,
    reason          TEXT,
    revision        BIGINT NOT NULL
);

-- one open rollout an endpoint
CREATE UNIQUE INDEX rollout_open ON rollout (endpoint)
    WHERE state IN ('PREPARING', 'SHADOW', 'CANARY', 'BAKING', 'PAUSED');

-- the newest judgement of each step; what a step was decided by stays, because the next step has a row of its own
CREATE TABLE step_evidence (
    rollout   TEXT   NOT NULL REFERENCES rollout (id),
    step      BIGINT NOT NULL,
    judgement TEXT   NOT NULL,
    judged_at BIGINT NOT NULL,
    PRIMARY KEY (rollout, step)
);

CREATE TABLE hold (
    id          TEXT   NOT NULL PRIMARY KEY,
    environment TEXT,
    endpoint    TEXT,
    reason      TEXT   NOT NULL,
    placed_by   TEXT   NOT NULL,
    placed_at   BIGINT NOT NULL,
    lifted_at   BIGINT
);

CREATE TABLE quarantine (
    artifact       TEXT   NOT NULL PRIMARY KEY,
    version        TEXT   NOT NULL,
    reason         TEXT   NOT NULL,
    quarantined_by TEXT   NOT NULL,
    quarantined_at BIGINT NOT NULL
);

-- urgent acts that lay in files and are recorded, so that each is recorded once
CREATE TABLE urgent_act (
    id TEXT NOT NULL PRIMARY KEY
);
