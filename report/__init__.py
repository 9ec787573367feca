"""How people see the results of a run: on the terminal, as Markdown, as a page, or as the difference to another run."""
