-- Crossed thresholds under investigation; body: the incident as JSON. One is open for an endpoint and a cause.
CREATE TABLE incident (
    number    BIGINT NOT NULL PRIMARY KEY,
    endpoint  TEXT   NOT NULL,
    model     TEXT   NOT NULL,
    cause     TEXT   NOT NULL,
    state     TEXT   NOT NULL CHECK (state IN ('OPEN', 'ACKNOWLEDGED', 'CLOSED')),
    revision  BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    body      TEXT   NOT NULL
);

CREATE UNIQUE INDEX incident_open ON incident (endpoint, cause) WHERE state <> 'CLOSED';

-- Each time a model is made anew: from what started it to the candidate; body: the retraining as JSON. One at a time for an endpoint.
CREATE TABLE retraining (
    number     BIGINT NOT NULL PRIMARY KEY,
    endpoint   TEXT   NOT NULL,
    model      TEXT   NOT NULL,
    state      TEXT   NOT NULL CHECK (state IN ('ORDERED', 'TRAINING', 'EVALUATING', 'CANDIDATE', 'REFUSED', 'UNCHANGED', 'FAILED')),
    revision   BIGINT NOT NULL,
    ordered_at BIGINT NOT NULL,
    body       TEXT   NOT NULL
);

CREATE UNIQUE INDEX retraining_open ON retraining (endpoint) WHERE state IN ('ORDERED', 'TRAINING', 'EVALUATING');
