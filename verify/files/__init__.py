"""Which files, structures and partitions of a source hold damaged or unread sectors."""
