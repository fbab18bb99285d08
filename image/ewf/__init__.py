"""The EWF-E01 format: its layout as tables, written and read."""
