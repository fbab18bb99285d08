"""The record of an exhibit in the forms that other programs read: CASE, DFXML, JSON, and one page for a browser."""
