"""What the record says, as PDF and as text."""
