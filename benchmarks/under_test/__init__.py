"""Gateways under test: everything but the protection is equal, and each rung adds one thing to those before it."""
