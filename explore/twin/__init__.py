"""The twin: the guard of api-gateway-v2 in virtual time, with models of its traffic and of its dependency."""

from explore.twin.simulate import simulate
from explore.twin.story import Story

__all__ = ["Story", "simulate"]
