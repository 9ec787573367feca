"""The twin against real servers: the same traffic, settings and hang for both."""
