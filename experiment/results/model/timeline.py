"""What happened when."""

from typing import Literal

from experiment.phases import Phase
from experiment.results.model.part import Part


class PhaseSpan(Part):
    """When a phase began and ended."""

    phase: Phase
    from_s: float
    to_s: float


class StateSpan(Part):
    """How long a circuit of v2 was in a state, and why it came there."""

    state: Literal["CLOSED", "OPEN", "HALF-OPEN"]
    from_s: float
    to_s: float
    why: str
    """empty for the state at the start"""


class Timeline(Part):
    """What happened when: seconds since the load began, on both gateways at once."""

    phases: list[PhaseSpan]
    fault_s: float | None
    """when the fault was put in; 0 when it was there from the start, null when there was none"""
    healed_s: float | None
    """when it was taken out; null when it never was"""
    circuit: list[StateSpan]
    """the states of v2's circuit, without gaps; empty where v2 has replicas, each with a circuit of its own"""
    end_s: float
    """when the last answers were waited for no longer"""
