"""What developers run: the demo, the generators of documentation, the checks of the build machine."""
