-- What each channel is told: one row for a message and a channel, kept so that nobody is told twice.
CREATE TABLE delivery (
    channel   TEXT   NOT NULL,
    event     TEXT   NOT NULL,
    type      TEXT   NOT NULL,
    subject   TEXT   NOT NULL,
    state     TEXT   NOT NULL CHECK (state IN ('WAITING', 'DELIVERED', 'GIVEN_UP')),
    attempts  BIGINT NOT NULL,
    queued_at BIGINT NOT NULL,
    next_at   BIGINT NOT NULL,
    ended_at  BIGINT,
    problem   TEXT,
    PRIMARY KEY (channel, event)
);

CREATE INDEX delivery_of_event ON delivery (event);
CREATE INDEX delivery_waiting ON delivery (channel, next_at) WHERE state = 'WAITING';
