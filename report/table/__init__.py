"""Tables: one model, and a renderer for each place where a table is shown."""
