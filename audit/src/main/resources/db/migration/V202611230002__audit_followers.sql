-- How far each follower of the events has come; it has been told everything up to this position.
CREATE TABLE follower (
    name     TEXT   PRIMARY KEY,
    position BIGINT NOT NULL
);
