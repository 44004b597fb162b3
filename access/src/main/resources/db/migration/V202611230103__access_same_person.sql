-- Whose account it is, where that is not plain: a second account of a person, or a program somebody answers for. One step,
-- never a chain.
CREATE TABLE same_person (
    account TEXT PRIMARY KEY REFERENCES principal (id),
    person TEXT NOT NULL REFERENCES principal (id),
    linked_by TEXT NOT NULL,
    linked_at BIGINT NOT NULL);
