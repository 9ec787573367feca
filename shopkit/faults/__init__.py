"""Faults that can be injected into a running service: the vocabulary, and what each kind does on the wire."""
