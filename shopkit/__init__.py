"""The chassis of every service: settings, server, logs, request ids, health, metrics, errors, calls."""
