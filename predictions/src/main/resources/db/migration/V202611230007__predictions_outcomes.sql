-- What came true of each predicted row, once. The prediction itself is in the log; ids sort by time.
CREATE TABLE outcome (
    endpoint TEXT NOT NULL,
    prediction TEXT NOT NULL,
    row_number BIGINT NOT NULL,
    label TEXT NOT NULL,
    named_values TEXT NOT NULL,
    at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (endpoint, prediction, row_number)
);

-- Segments of the prediction log that have ended, with the digest their event carries.
CREATE TABLE prediction_segment (
    endpoint TEXT NOT NULL,
    number BIGINT NOT NULL,
    digest TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    batches BIGINT NOT NULL,
    sealed_at BIGINT NOT NULL,
    PRIMARY KEY (endpoint, number)
);
