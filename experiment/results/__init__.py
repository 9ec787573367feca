"""The results of a run as data: the report, and the file of its requests."""
