"""Reading a drive or file, sector by sector, into an image."""
