"""What an image is: sectors, bad-sector map, digests, segments, findings and formats; no device, no database."""
