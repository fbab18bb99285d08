"""The names of the files that every case folder holds."""

DATABASE_FILE = "case.db"
LOCK_FILE = "case.lock"
