"""The report of a run: what is in it, and how people see it."""
