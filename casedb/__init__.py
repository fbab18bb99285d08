"""The record: an append-only ledger, its store, its projections and the questions put to it."""
