"""The phases of an experiment. Standard library only."""

from enum import StrEnum


class Phase(StrEnum):
    """The phases, in their order."""

    HEALTHY = "healthy"
    FAULT = "fault"
    RECOVERY = "recovery"
