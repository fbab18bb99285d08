-- How far the structure of this file is. sqlite-utils keeps the table; its rows stand in ledger entries too.
CREATE TABLE "_sqlite_migrations" (
    id INTEGER PRIMARY KEY,
    migration_set TEXT NOT NULL,
    name TEXT NOT NULL,
    applied_at TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX migrations_once ON "_sqlite_migrations" (migration_set, name);
