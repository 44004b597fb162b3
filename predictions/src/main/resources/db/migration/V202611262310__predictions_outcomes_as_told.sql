-- Truths in the order in which they came: what was judged without them is judged again.
CREATE INDEX outcome_as_told ON outcome (endpoint, received_at);
