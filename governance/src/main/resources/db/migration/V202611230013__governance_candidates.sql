-- What people decide about. body: the canonical JSON that digest is the digest of; it never changes, and only an ending is added.
-- policy: the policy's version with its text, as JSON; body names its digest.
CREATE TABLE candidate (
    number       BIGINT NOT NULL PRIMARY KEY,
    digest       TEXT   NOT NULL UNIQUE,
    model        TEXT   NOT NULL,
    version      TEXT   NOT NULL,
    endpoint     TEXT   NOT NULL,
    body         TEXT   NOT NULL,
    policy       TEXT   NOT NULL,
    opened_by    TEXT   NOT NULL,
    opened_at    BIGINT NOT NULL,
    outcome      TEXT   CHECK (outcome IN ('PROMOTED', 'REJECTED')),
    ended_by     TEXT,
    ended_at     BIGINT,
    ended_reason TEXT
);

CREATE INDEX candidate_of_version ON candidate (endpoint, version, number);

CREATE TABLE approval (
    id            TEXT    NOT NULL PRIMARY KEY,
    candidate     BIGINT  NOT NULL REFERENCES candidate (number),
    digest        TEXT    NOT NULL,
    approver      TEXT    NOT NULL,
    person        TEXT    NOT NULL,
    capacity      TEXT    NOT NULL,
    self_approved BOOLEAN NOT NULL,
    reason        TEXT    NOT NULL,
    approved_at   BIGINT  NOT NULL,
    expires_at    BIGINT  NOT NULL,
    revoked_by    TEXT,
    revoked_at    BIGINT,
    revoked_why   TEXT
);

-- A person, not an account, speaks once.
CREATE UNIQUE INDEX approval_of_person ON approval (candidate, person) WHERE revoked_at IS NULL;

CREATE TABLE promotion (
    number      BIGINT NOT NULL PRIMARY KEY,
    candidate   BIGINT NOT NULL UNIQUE REFERENCES candidate (number),
    digest      TEXT   NOT NULL,
    permit      TEXT   NOT NULL,
    rollout     TEXT   NOT NULL,
    promoted_by TEXT   NOT NULL,
    promoted_at BIGINT NOT NULL
);

-- What was judged, also where no candidate came of it.
CREATE TABLE judgement (
    id         TEXT    NOT NULL PRIMARY KEY,
    model      TEXT    NOT NULL,
    version    TEXT    NOT NULL,
    endpoint   TEXT    NOT NULL,
    champion   TEXT,
    policy     TEXT    NOT NULL,
    report     TEXT    NOT NULL,
    rows_used  TEXT,
    verdict    TEXT    NOT NULL,
    promotable BOOLEAN NOT NULL,
    candidate  BIGINT,
    asked_by   TEXT    NOT NULL,
    judged_at  BIGINT  NOT NULL
);

CREATE INDEX judgement_of_version ON judgement (endpoint, version, judged_at);

-- Somebody looked at what had to be looked at; event is the id of the event that asked for it.
CREATE TABLE finding_review (
    event       TEXT   NOT NULL PRIMARY KEY,
    note        TEXT   NOT NULL,
    reviewed_by TEXT   NOT NULL,
    reviewed_at BIGINT NOT NULL
);
