"""Re-reading an image for proof."""
