-- The newest judgement of each closed day of an endpoint; body: the window as JSON. day counts from 1970-01-01 in the task's zone.
CREATE TABLE monitor_window (
    endpoint TEXT   NOT NULL,
    day      BIGINT NOT NULL,
    state    TEXT   NOT NULL CHECK (state IN ('CLOSED', 'MATURE')),
    revision BIGINT NOT NULL,
    verdict  TEXT   NOT NULL,
    body     TEXT   NOT NULL,
    PRIMARY KEY (endpoint, day)
);
