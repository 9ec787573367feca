"""The states of the circuit over a run."""

from experiment.measure.circuit import first_after, last_after, mean_time_in_state_s, state_spans, time_in_state_s
from experiment.results.model import StateSpan
from experiment.run.watch import Transition
from support.story import clock, transition

CHANGES = [
    transition(10, "CLOSED", "OPEN"),
    transition(20, "OPEN", "HALF-OPEN"),
    transition(22, "HALF-OPEN", "OPEN"),
    transition(32, "OPEN", "HALF-OPEN"),
    transition(32.5, "HALF-OPEN", "CLOSED"),
]


def spans(*changes: Transition, state_now: str = "CLOSED") -> list[StateSpan]:
    """Return the states of a run of 40 s."""
    return state_spans(changes, state_now, clock(), 40.0)


def test_states_have_no_gaps() -> None:
    """Each state lasts until the next, and has the reason of the transition that led to it."""
    assert [(s.state, s.from_s, s.to_s, s.why) for s in spans(*CHANGES)] == [
        ("CLOSED", 0, 10, ""),
        ("OPEN", 10, 20, "OPEN at 10"),
        ("HALF-OPEN", 20, 22, "HALF-OPEN at 20"),
        ("OPEN", 22, 32, "OPEN at 22"),
        ("HALF-OPEN", 32, 32.5, "HALF-OPEN at 32"),
        ("CLOSED", 32.5, 40, "CLOSED at 32.5"),
    ]


def test_circuit_without_transitions_kept_its_state() -> None:
    """A circuit that reported no transition had its present state from beginning to end."""
    assert [(s.state, s.from_s, s.to_s) for s in spans(state_now="OPEN")] == [("OPEN", 0, 40)]


def test_ignores_transitions_outside_the_run() -> None:
    """Transitions of earlier runs, and those after the last answers, are left out."""
    earlier = (transition(-5, "OPEN", "HALF-OPEN"), transition(-4, "HALF-OPEN", "CLOSED"))
    found = spans(*earlier, *CHANGES[:1], transition(40, "x", "x"))
    assert [(s.state, s.from_s, s.to_s) for s in found] == [("CLOSED", 0, 10), ("OPEN", 10, 40)]


def test_time_in_state_counts_only_the_interval() -> None:
    """Only the time between the two moments counts, and states that did not occur are left out."""
    assert time_in_state_s(spans(*CHANGES), 15, 32.25) == {"OPEN": 15.0, "HALF-OPEN": 2.25}
    assert time_in_state_s(spans(*CHANGES), 0, 40) == {"CLOSED": 17.5, "OPEN": 20.0, "HALF-OPEN": 2.5}
    assert time_in_state_s([], 0, 40) == {}


def test_finds_the_first_time_in_a_state() -> None:
    """A state that the circuit is already in counts from the given moment."""
    found = spans(*CHANGES)
    assert first_after(found, "OPEN", 5.0) == 10.0
    assert first_after(found, "OPEN", 15.0) == 15.0
    assert first_after(found, "CLOSED", 10.0) == 32.5, "it had just left that state"
    assert first_after(found, "CLOSED", 20.0) == 32.5
    assert first_after(found, "OPEN", 33.0) is None
    assert first_after([], "OPEN", 0.0) is None


def test_fleet_is_as_slow_as_its_last_circuit() -> None:
    """Of several circuits the last one counts; one that never came there leaves the moment unknown."""
    early, late, never = spans(*CHANGES), spans(transition(12, "CLOSED", "OPEN")), spans()
    assert last_after([early, late], "OPEN", 5.0) == 12.0
    assert last_after([early, never], "OPEN", 5.0) is None
    assert last_after([], "OPEN", 5.0) is None


def test_ended_gateway_is_not_waited_for() -> None:
    """A circuit whose gateway was killed before it opened does not hold up the others."""
    killed = state_spans([], "CLOSED", clock(), 9.5)
    assert last_after([spans(*CHANGES), killed], "OPEN", 5.0) == 10.0


def test_time_in_state_of_a_fleet_is_a_mean() -> None:
    """Two circuits spend on average half of what they spend together."""
    found = mean_time_in_state_s([spans(*CHANGES), spans()], 0, 40)
    assert found == {"CLOSED": (17.5 + 40) / 2, "OPEN": 10.0, "HALF-OPEN": 1.25}
    assert mean_time_in_state_s([], 0, 40) == {}
