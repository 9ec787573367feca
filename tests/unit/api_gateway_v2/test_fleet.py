"""What replicas make of what the others see, with a fake server between them."""

from itertools import chain, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api_gateway_v2.fleet.evidence import CircuitEvidence, Evidence
from api_gateway_v2.fleet.fleet import MOST_REPLICAS, TTL_S
from api_gateway_v2.fleet.member import TICK_S
from api_gateway_v2.fleet.shared_circuit import HOLD_S, HOLD_SLACK_S, next_after
from api_gateway_v2.transitions import Control, State
from support.circuits import fail, reasons, succeed
from support.fleets import CIRCUIT, DEADLINE_S, SICK, FakeFleet, Replica

COOLDOWN_S = 10.0
SOON_S = 3 * TICK_S
counts = st.integers(0, 5)


def trip(*replicas: Replica) -> None:
    """Open circuits by failures of their own, and let their probes fail."""
    for replica in replicas:
        replica.error = SICK
        fail(replica.breaker)


def states(fleet: FakeFleet) -> list[State]:
    """Return the state of every replica."""
    return [replica.breaker.state for replica in fleet.replicas]


def probes_of(fleet: FakeFleet) -> list[int]:
    """Return how many probes each replica has made."""
    return [len(replica.probed_at_s) for replica in fleet.replicas]


def test_opens_early_when_most_others_are_open() -> None:
    """A replica that has seen a failure of its own opens as soon as a quorum of the others is OPEN, and says why."""
    fleet = FakeFleet(3)
    a, b, c = fleet.replicas
    fleet.run(1.0)
    fail(c.breaker, 1)
    trip(a)
    fleet.run(SOON_S)
    assert c.breaker.state is State.CLOSED

    trip(b)
    fleet.run(SOON_S)
    assert reasons(c.breaker) == ["2 of 2 other replicas are OPEN"]
    assert (c.shared.early_openings, a.shared.early_openings) == (1, 0)


def test_healthy_replica_stays_closed_whatever_the_others_are() -> None:
    """A replica whose own calls succeed does not open because others do: their trouble may be theirs alone."""
    fleet = FakeFleet(4)
    *sick, well = fleet.replicas
    trip(*sick)
    for _ in range(100):
        succeed(well.breaker)
        fleet.run(TICK_S)
    assert states(fleet) == [State.OPEN] * 3 + [State.CLOSED]


@pytest.mark.parametrize("number", [2, 3, 4])
def test_one_sick_path_poisons_nobody(number: int) -> None:
    """One OPEN replica is no quorum of any fleet, even for replicas that have failures of their own."""
    fleet = FakeFleet(number)
    fleet.run(1.0)
    trip(fleet.replicas[0])
    for replica in fleet.replicas[1:]:
        fail(replica.breaker, 2)
    fleet.run(60.0)
    assert states(fleet) == [State.OPEN] + [State.CLOSED] * (number - 1)
    assert probes_of(fleet)[0] == 5  # as if alone


def test_early_opening_is_no_evidence_until_its_own_probe_fails() -> None:
    """An opening that others brought about counts for nobody: the same evidence must not be counted twice."""
    fleet = FakeFleet(3)
    a, b, c = fleet.replicas
    fleet.run(1.0)
    c.error = SICK
    fail(c.breaker, 1)
    trip(a, b)
    fleet.run(SOON_S)
    assert (c.shared.evidence().is_open, c.shared.evidence().by_itself) == (True, False)

    while not c.probed_at_s:
        fleet.run(TICK_S)
    assert (c.shared.evidence().is_open, c.shared.evidence().by_itself) == (True, True)


def test_operators_order_is_no_evidence() -> None:
    """A circuit that an operator has forced OPEN says nothing about the dependency."""
    fleet = FakeFleet(3)
    fleet.run(1.0)
    for replica in fleet.replicas[:2]:
        replica.breaker.take_control(Control.FORCED_OPEN)
    fail(fleet.replicas[2].breaker, 1)
    fleet.run(SOON_S)
    assert states(fleet)[2] is State.CLOSED


def test_fleet_makes_one_probe_at_a_time_and_takes_turns() -> None:
    """The dependency gets the probes of one gateway, however many there are, and each replica makes its share."""
    fleet, alone = FakeFleet(3), FakeFleet(1)
    for one in (fleet, alone):
        one.run(1.0)
        trip(*one.replicas)
        one.run(20 * COOLDOWN_S)

    assert sum(probes_of(fleet)) <= sum(probes_of(alone)) + 1
    assert max(probes_of(fleet)) - min(probes_of(fleet)) <= 1
    at_s = sorted(chain(*(replica.probed_at_s for replica in fleet.replicas)))
    assert all(later - earlier >= COOLDOWN_S for earlier, later in pairwise(at_s))


def test_cooldown_grows_with_the_fleets_failed_probes() -> None:
    """Where the cooldown grows, it grows as fast as that of one gateway."""
    fleet, alone = (FakeFleet(number, reset_timeout_s=1.0, reset_growth=2.0) for number in (3, 1))
    for one in (fleet, alone):
        one.run(1.0)
        trip(*one.replicas)
        one.run(65.0)
    assert sum(probes_of(alone)) <= sum(probes_of(fleet)) <= sum(probes_of(alone)) + 1


def test_success_of_one_lets_all_probe_at_once() -> None:
    """A good probe closes the circuit of whoever made it; the others ask the dependency themselves, without waiting."""
    fleet = FakeFleet(3)
    fleet.run(1.0)
    trip(*fleet.replicas)
    for replica in fleet.replicas:
        replica.error = None
    while State.CLOSED not in states(fleet):
        fleet.run(TICK_S)
    fleet.run(SOON_S)
    assert (states(fleet), probes_of(fleet)) == ([State.CLOSED] * 3, [1, 1, 1])


def test_success_of_others_closes_no_circuit_whose_own_path_is_sick() -> None:
    """A replica closes after a good probe of its own alone, and goes on trying."""
    fleet = FakeFleet(3)
    fleet.run(1.0)
    trip(*fleet.replicas)
    for replica in fleet.replicas[1:]:
        replica.error = None
    fleet.run(60.0)
    assert states(fleet) == [State.OPEN, State.CLOSED, State.CLOSED]
    assert probes_of(fleet)[0] >= 5


@pytest.mark.parametrize("what", ["runs", "can_probe"])
def test_elected_replica_that_makes_no_probe_is_not_waited_for(what: str) -> None:
    """Whether the elected replica falls silent or only talks, the others probe soon after the cooldown."""
    fleet = FakeFleet(3)
    fleet.run(1.0)
    trip(*fleet.replicas)
    fleet.run(1.0)
    setattr(fleet.replicas[0], what, False)
    fleet.run(COOLDOWN_S - 1.0 + DEADLINE_S + HOLD_SLACK_S + HOLD_S + SOON_S)
    assert sum(probes_of(fleet)[1:]) >= 1


@pytest.mark.parametrize("trouble", ["down", "deaf"])
def test_without_the_server_each_goes_on_as_if_alone(trouble: str) -> None:
    """When the channel fails or delivers nothing, every replica makes its own probes, and says that it is alone."""
    fleet, alone = FakeFleet(3), FakeFleet(1)
    fleet.run(1.0)
    alone.run(1.0)
    assert fleet.replicas[0].member.alone_because is None
    fleet.server.trouble = "Redis cannot be reached" if trouble == "down" else ""
    fleet.server.delivers = trouble != "deaf"
    for one in (fleet, alone):
        one.run(2 * TTL_S)
        trip(*one.replicas)
        one.run(50.0)
    assert probes_of(fleet) == probes_of(alone) * 3
    wanted = {"down": "Redis cannot be reached", "deaf": "Redis delivers no messages"}
    assert {replica.member.alone_because for replica in fleet.replicas} == {wanted[trouble]}

    fleet.server.trouble, fleet.server.delivers = "", True
    fleet.run(1.0)
    assert [replica.member.alone_because for replica in fleet.replicas] == [None] * 3


def test_message_that_comes_late_changes_nothing() -> None:
    """A server that hung delivers what was said long ago; what a replica has said since counts."""
    fleet = FakeFleet(2)
    a, b = fleet.replicas
    trip(a)
    a.member.fleet.look()
    old = a.member.fleet.message().encode()
    a.error = None
    a.breaker.plan_probe(0.0)
    fleet.run(1.0)
    assert (a.breaker.state, b.member.fleet.open_replicas(b.shared)) == (State.CLOSED, 0)
    fleet.server.deliver(old)
    fleet.run(TICK_S)
    assert b.member.fleet.open_replicas(b.shared) == 0


def test_whatever_stands_in_the_channel_is_survived() -> None:
    """Messages of strangers are counted and dropped, and no number of replicas fills the memory."""
    fleet = FakeFleet(1)
    fleet.run(TICK_S)
    for junk in (b"", b"\xff", b"[]", b'{"replica": 1}', b"9" * 10_000):
        fleet.server.deliver(junk)
    for number in range(2 * MOST_REPLICAS):
        fleet.server.deliver(Evidence(replica=f"r{number}", number=1, circuits=()).model_dump_json().encode())
    fleet.run(TICK_S)
    member = fleet.replicas[0].member
    assert (member.fleet.unreadable, len(member.fleet.others()), member.troubles) == (5, MOST_REPLICAS, 0)


def test_thread_survives_what_no_channel_should_raise() -> None:
    """An error of any kind leaves the replica alone, and the next turn tries again."""
    fleet = FakeFleet(1)
    fleet.server.connect = lambda: 1 / 0  # type: ignore[method-assign,return-value,assignment]
    replica = Replica("z", fleet.clock, fleet.replicas[0].breaker.settings, fleet.server.connect)
    replica.turn()
    assert (replica.member.alone_because, replica.member.troubles) == ("sharing failed: ZeroDivisionError", 1)


said = st.builds(
    CircuitEvidence,
    name=st.just(CIRCUIT),
    is_open=st.booleans(),
    by_itself=st.booleans(),
    failures=counts,
    good_probes=counts,
    failed_probes=counts,
)
liars = st.lists(st.tuples(st.sampled_from(["0", "m", "z"]), said, st.floats(0, 3)), max_size=60)


@given(liars)
def test_no_lie_opens_a_healthy_circuit_or_keeps_a_sick_one_from_probing(
    lies: list[tuple[str, CircuitEvidence, float]],
) -> None:
    """Whatever others say, a replica opens only with evidence of its own, and probes in its turn at the latest."""
    fleet = FakeFleet(2, reset_timeout_s=1.0)
    well, sick = fleet.replicas
    trip(sick)
    for number, (replica, circuit, pause_s) in enumerate(lies):
        succeed(well.breaker)
        fleet.server.deliver(Evidence(replica=replica, number=number, circuits=(circuit,)).model_dump_json().encode())
        fleet.run(pause_s)
    fleet.run(TTL_S + HOLD_S + 1.0 + SOON_S)  # the liars are silent: as if alone
    assert well.breaker.state is State.CLOSED
    at_s = [1000.0, *sick.probed_at_s, fleet.clock.now_s]
    a_turn_s = 1.0 + DEADLINE_S + HOLD_SLACK_S + HOLD_S + SOON_S
    assert max(later - earlier for earlier, later in pairwise(at_s)) <= 5 * a_turn_s


def test_turns_go_round() -> None:
    """After the last replica comes the first."""
    assert [next_after(last, {"a", "b", "c"}) for last in ("", "a", "bb", "c")] == ["a", "b", "c", "a"]
