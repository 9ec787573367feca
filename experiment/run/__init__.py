"""Making a run: the load begins, the fault comes and goes, and everything is recorded."""
