"""What it costs: us, the peers and the arithmetic floor, measured in one run."""
