"""The numbers of a run, out of what it has recorded."""
