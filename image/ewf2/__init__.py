"""EWF version 2: sets of Ex01 segment files, read for proof."""
