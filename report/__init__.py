"""Reports of a run: on the terminal, in Markdown, as a page, and as the difference from another run."""
