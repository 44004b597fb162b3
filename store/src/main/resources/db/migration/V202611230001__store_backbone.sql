-- What happened, for good. The position is gap-free from 1; on PostgreSQL it is given just after the commit.
CREATE TABLE event (
    id       TEXT   PRIMARY KEY,
    position BIGINT UNIQUE,
    type     TEXT   NOT NULL,
    subject  TEXT   NOT NULL,
    actor    TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    detail   TEXT   NOT NULL
);
CREATE INDEX event_unplaced ON event (id) WHERE position IS NULL;
CREATE INDEX event_subject ON event (subject, position);
CREATE INDEX event_type ON event (type, position);

-- Who may do something alone for a while. Whoever takes it next gets a higher fence.
CREATE TABLE lease (
    name   TEXT   PRIMARY KEY,
    holder TEXT   NOT NULL,
    until  BIGINT NOT NULL,
    fence  BIGINT NOT NULL
);
INSERT INTO lease (name, holder, until, fence) VALUES ('sequencer', '', 0, 0);

-- Work to be done later, once. A job is its own lease.
CREATE TABLE job (
    id       TEXT   PRIMARY KEY,
    kind     TEXT   NOT NULL,
    subject  TEXT   NOT NULL,
    request  TEXT   NOT NULL,
    due      BIGINT NOT NULL,
    state    TEXT   NOT NULL CHECK (state IN ('WAITING', 'DONE', 'FAILED')),
    attempts BIGINT NOT NULL,
    holder   TEXT,
    until    BIGINT NOT NULL,
    fence    BIGINT NOT NULL,
    outcome  TEXT
);
CREATE INDEX job_due ON job (due) WHERE state = 'WAITING';
CREATE INDEX job_subject ON job (subject, id);

-- Blobs that somebody needs.
CREATE TABLE pin (
    blob   TEXT   NOT NULL,
    holder TEXT   NOT NULL,
    at     BIGINT NOT NULL,
    PRIMARY KEY (blob, holder)
);

-- The migrations last applied, as one digest: while it is that of the class path, nothing needs to be migrated.
CREATE TABLE schema_applied (
    one    BIGINT PRIMARY KEY CHECK (one = 1),
    digest TEXT   NOT NULL
);
