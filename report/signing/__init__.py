"""Signatures on a report: put under it, and read again. Bytes in, bytes or values out; no I/O."""
