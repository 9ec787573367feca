"""The report, assembled from a recording."""

from typing import Any

import pytest

from experiment.phases import Phase
from experiment.plan import Closed, Open
from experiment.replicas import replicas_of_v2
from experiment.results.model import ClosedLoad, OpenLoad, Report
from experiment.run.counts import Counts, Ledger
from experiment.run.runner import Recording
from experiment.run.watch import WAITING, Transition, useless
from experiment.services import GATEWAY_V1, GATEWAY_V2
from load.in_flight import IN_FLIGHT_MAX
from load.outcomes import Outcome
from shopkit.poller import Sample
from support.readings import circuit
from support.recordings import CircuitSeen, Looks, recording, report_of, request
from support.report_parts import GUARD
from support.story import story, transition


def with_circuit(run: Recording, seen: list[Transition], status: dict[str, Any] | None) -> Report:
    """Return the report of a run in which these changes were seen, and in which this could be read at the end."""
    run.watch.circuits = {GATEWAY_V2: CircuitSeen(transitions=seen)}  # type: ignore[dict-item]  # stands in for a watch
    before = run.ledger.before
    run.ledger = Ledger(before, None, Counts(before.metrics, {GATEWAY_V2: status} if status else {}))
    return report_of(run)


def test_merges_transitions_seen_with_those_of_the_last_status() -> None:
    """Transitions seen during the run and in the last status form one list, whatever v2's wall clock says."""
    first, second, third = (
        transition(11, "CLOSED", "OPEN", clock_ahead_s=3),
        transition(21, "OPEN", "HALF-OPEN", clock_ahead_s=3),
        transition(22, "HALF-OPEN", "CLOSED", clock_ahead_s=3),
    )
    report = with_circuit(recording([]), [first, second], circuit() | {"transitions": [second, third]})
    assert [(span.state, span.from_s) for span in report.timeline.circuit] == [
        ("CLOSED", 0),
        ("OPEN", 11),
        ("HALF-OPEN", 21),
        ("CLOSED", 22),
    ]
    v1, v2 = report.gateways.values()
    assert v1.whole_run.time_in_state_s == {}
    assert v2.whole_run.time_in_state_s == {"CLOSED": 19, "OPEN": 10, "HALF-OPEN": 1}
    assert (v1.reaction.fault_to_open_s, v2.reaction.fault_to_open_s, v2.reaction.heal_to_closed_s) == (None, 1, 2)


def test_each_replica_has_its_own_part() -> None:
    """A report of replicas has each one's circuit and calls; one that was killed is followed until then."""
    first, killed = replicas_of_v2(2)
    run = recording([])
    opened = [transition(11, "CLOSED", "OPEN"), transition(23, "OPEN", "CLOSED")]
    run.watch.circuits = {
        first: CircuitSeen(transitions=opened),  # type: ignore[dict-item]  # stands in for a watch
        killed: CircuitSeen(  # type: ignore[dict-item]  # as above
            circuit(failed=2), [transition(12, "CLOSED", "OPEN")], Looks(succeeded_at=15.5)
        ),
    }
    before = run.ledger.before.metrics
    counted = Counts(before, {first: circuit(failed=1), killed: circuit()})
    run.ledger = Ledger(counted, None, Counts(before, {first: circuit(failed=5, short_circuited=9)}))
    report = report_of(run)

    one, other = report.replicas.values()
    assert (one.calls_let_through, one.calls_refused, one.fault_to_open_s, one.heal_to_closed_s) == (4, 9, 1.0, 3.0)
    assert (other.calls_let_through, other.fault_to_open_s, other.heal_to_closed_s) == (2, 2.0, None)
    assert [(span.state, span.to_s) for span in other.circuit] == [("CLOSED", 12), ("OPEN", 15.5)]
    took = report.gateways[GATEWAY_V2.name].reaction
    assert (took.fault_to_open_s, took.heal_to_closed_s, report.timeline.circuit) == (2.0, 3.0, [])


def test_unreadable_circuit_is_unknown() -> None:
    """Without a readable circuit the report has no guard settings, no circuit states and no claims."""
    report = with_circuit(recording([request(1)]), [], None)
    assert (report.experiment.guard, report.timeline.circuit, report.claims) == (None, [], [])


def test_guard_settings_come_from_the_gateway() -> None:
    """The guard's settings are those in /circuit-status, under the names of the report."""
    assert report_of(recording([])).experiment.guard == GUARD


@pytest.mark.parametrize(
    ("load", "expected"),
    [
        (Closed(60), ClosedLoad(users=60, pause_s=(1.0, 2.0), ramp_per_s=None, ceiling_per_s=40.0)),
        (Closed(60, 1), ClosedLoad(users=60, pause_s=(1.0, 2.0), ramp_per_s=1, ceiling_per_s=28.2)),
        (Open(50.0), OpenLoad(arrival_rate_per_s=50.0, in_flight_max=IN_FLIGHT_MAX)),
    ],
)
def test_closed_load_has_its_ceiling(load: Closed | Open, expected: ClosedLoad | OpenLoad) -> None:
    """60 users who pause 1.5 s make 40 requests a second at most, and fewer on average when they join on a ramp."""
    assert report_of(recording([], load=load)).experiment.load == expected


def test_counts_degraded_answers_while_healthy() -> None:
    """Degraded answers count before and after the fault, but not while it came or lasted."""
    degraded = [
        request(1, Outcome.DEGRADED, at=5.0),
        request(2, Outcome.DEGRADED, at=9.9, took_s=0.5),  # ended after the fault was ordered
        request(4, Outcome.DEGRADED, at=15.0),
        request(5, Outcome.DEGRADED, at=25.0),
    ]
    report = report_of(recording([*degraded, request(7, Outcome.FAILED, at=5.0)]))
    assert {result.refused_while_healthy for result in report.gateways.values()} == {2}
    (claim,) = [claim for claim in report.claims if "before the fault" in claim.name]
    assert (claim.measured, claim.held) == (0.5, False), "of the two that began and ended before it"


def test_measures_start_lag() -> None:
    """The start lag is the 99th percentile in milliseconds, and requests that never started have none."""
    asked = [request(n, at=1.0, lag_s=n / 1000) for n in range(1, 101)]
    report = report_of(recording([*asked, request(101, Outcome.UNSENT)]))
    assert {result.generator.start_lag_p99_ms for result in report.gateways.values()} == {99}
    nobody = report_of(recording([request(1, Outcome.UNSENT)]))
    assert nobody.gateways[GATEWAY_V2.name].generator.start_lag_p99_ms == 0


def test_each_second_has_the_calls_and_the_useless_work_of_its_gateway() -> None:
    """The calls in each second are those that the recommendations service counted for that gateway."""
    run = recording([], story(None, None, 2.0))
    v1, v2 = GATEWAY_V1.name, GATEWAY_V2.name
    counted = [{v1: 0, v2: 10 * at, useless(v1): 0, useless(v2): 2 * at, WAITING: at} for at in range(4)]
    readings = [Sample(float(at), at + 0.01, seen) for at, seen in enumerate(counted)]
    run.watch.recommendations = Looks(readings)  # type: ignore[assignment]  # stands in for a Poller
    report = report_of(run)
    assert report.series[v2].calls_to_recommendations == [10, 10, 10, None]
    assert report.series[v1].calls_to_recommendations == [0, 0, 0, None]
    assert (report.series[v2].useless_work, report.queue) == ([2, 2, 2, None], [1, 2, 3, None])
    assert report.gateways[v2].phases[Phase.HEALTHY].useless_work == 4


def test_counts_pages_asked_for_and_served_in_the_fault() -> None:
    """A page answered after the fault was removed does not count as served during the fault."""
    served = [request(1, at=15.0), request(2, at=19.99, took_s=0.1), request(3, at=5.0), request(4, at=25.0)]
    report = report_of(recording(served))
    (claim,) = [claim for claim in report.claims if claim.name.startswith("v1 serves no product page")]
    assert (claim.measured, claim.held) == (1, False)
