"""The limit on an open load's requests in flight. A module of its own: the report needs it without Locust."""

IN_FLIGHT_MAX = 2000  # to one gateway, which takes up to 2,048 connections
