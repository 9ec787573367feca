"""How many requests of an open load may be open at once."""

IN_FLIGHT_MAX = 2000  # at one gateway; each takes up to 2,048 connections
