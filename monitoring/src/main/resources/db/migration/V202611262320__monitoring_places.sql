-- Where monitoring of an endpoint has come to: the log is read from (segment, place) on, what stands before read_segment and
-- read_place was seen before; truths are known up to told_until; next_day is the next day to be judged.
CREATE TABLE monitor_cursor (
    endpoint     TEXT   NOT NULL PRIMARY KEY,
    segment      BIGINT NOT NULL,
    place        BIGINT NOT NULL,
    read_segment BIGINT NOT NULL,
    read_place   BIGINT NOT NULL,
    told_until   BIGINT NOT NULL,
    next_day     BIGINT NOT NULL
);

-- Where the rows of a judged day stand in the log, and between which predictions; labelled: known truths when it was judged last.
CREATE TABLE monitor_stretch (
    endpoint         TEXT   NOT NULL,
    day              BIGINT NOT NULL,
    first_segment    BIGINT NOT NULL,
    first_place      BIGINT NOT NULL,
    last_segment     BIGINT NOT NULL,
    last_place       BIGINT NOT NULL,
    first_prediction TEXT   NOT NULL,
    last_prediction  TEXT   NOT NULL,
    matures_at       BIGINT NOT NULL,
    labelled         BIGINT NOT NULL,
    PRIMARY KEY (endpoint, day)
);

-- The running evidence about a version's columns; body: DriftWatch as JSON.
CREATE TABLE monitor_watch (
    endpoint TEXT NOT NULL,
    version  TEXT NOT NULL,
    part     TEXT NOT NULL,
    body     TEXT NOT NULL,
    PRIMARY KEY (endpoint, version, part)
);

-- A metric on the mature rows of one day: what the confidence sequence beside the record at approval is made of.
CREATE TABLE monitor_daily (
    endpoint TEXT             NOT NULL,
    version  TEXT             NOT NULL,
    claim    TEXT             NOT NULL,
    day      BIGINT           NOT NULL,
    measured DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (endpoint, version, claim, day)
);
