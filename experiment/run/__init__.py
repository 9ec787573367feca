"""Making a run: start the load, inject and remove the fault, and record everything."""
