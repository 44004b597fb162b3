-- Who there is. Everything elsewhere names people by this id only.
CREATE TABLE principal (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('PERSON', 'SERVICE')),
    active BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL);

-- Personal data, and the only place of it: a row here can be erased without touching anything that was decided.
CREATE TABLE identity (
    principal TEXT PRIMARY KEY REFERENCES principal (id),
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    email TEXT);

CREATE TABLE password (
    principal TEXT PRIMARY KEY REFERENCES principal (id),
    hash TEXT NOT NULL,
    changed_at BIGINT NOT NULL);

-- A one-time code by which somebody sets the first password, or a new one; the setup token is the first of them.
CREATE TABLE invitation (
    sha256 TEXT PRIMARY KEY,
    principal TEXT,
    expires_at BIGINT NOT NULL);

-- Sessions and tokens, known by the SHA-256 of their secret.
CREATE TABLE credential (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('SESSION', 'TOKEN')),
    principal TEXT NOT NULL REFERENCES principal (id),
    sha256 TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT);
CREATE INDEX credential_principal ON credential (principal);

-- The tree that grants hold on; written kind/name.
CREATE TABLE resource (
    resource TEXT PRIMARY KEY,
    parent TEXT NOT NULL);

CREATE TABLE role_grant (
    principal TEXT NOT NULL REFERENCES principal (id),
    role TEXT NOT NULL,
    resource TEXT NOT NULL,
    since BIGINT NOT NULL,
    given_by TEXT NOT NULL,
    PRIMARY KEY (principal, role, resource));
CREATE INDEX role_grant_resource ON role_grant (resource);

-- One row: whether this home has been opened to a team, and a number that grows whenever anything above changes,
-- so that what is kept in memory knows when to look again.
CREATE TABLE access_state (
    only_row BIGINT PRIMARY KEY CHECK (only_row = 1),
    team BOOLEAN NOT NULL,
    revision BIGINT NOT NULL);
INSERT INTO access_state (only_row, team, revision) VALUES (1, FALSE, 1);

CREATE TABLE idempotency (
    actor TEXT NOT NULL,
    key TEXT NOT NULL,
    operation TEXT NOT NULL,
    request_digest TEXT NOT NULL,
    reply TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (actor, key));
CREATE INDEX idempotency_at ON idempotency (at);
