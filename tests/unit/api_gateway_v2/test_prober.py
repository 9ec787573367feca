"""The background probe: recovery without traffic."""

import threading
from collections.abc import Callable

import pytest

from api_gateway_v2.breaker import Breaker
from api_gateway_v2.prober import Prober
from api_gateway_v2.rules import Rules
from api_gateway_v2.transitions import Control, State
from shopkit import request_ids
from shopkit.errors import RequestRejected
from support.circuits import fail

PollUntil = Callable[..., None]
COOLDOWN_S = 0.02


@pytest.fixture
def breaker() -> Breaker:
    """A circuit with a short cooldown on the real clock."""
    return Breaker("recommendations-service", Rules(reset_timeout_s=COOLDOWN_S))


def threads_of(breaker: Breaker) -> list[threading.Thread]:
    """Return the probing threads."""
    return [thread for thread in threading.enumerate() if thread.name == f"probe-{breaker.name}"]


def test_circuit_recovers_without_traffic(breaker: Breaker, poll_until: PollUntil) -> None:
    """After the cooldown one probe closes the circuit; its thread ends."""
    probes: list[str] = []
    Prober(breaker, lambda: probes.append(request_ids.current()))
    fail(breaker)
    poll_until(lambda: breaker.state is State.CLOSED)
    poll_until(lambda: not threads_of(breaker))
    assert len(probes) == 1
    assert probes[0], "it has a request id of its own"


def test_failed_probes_are_repeated_until_one_succeeds(breaker: Breaker, poll_until: PollUntil) -> None:
    """Each failure is followed by a cooldown and another probe, all on one thread."""
    results = iter([TimeoutError("one"), ZeroDivisionError("two"), None])

    def probe() -> None:
        assert len(threads_of(breaker)) == 1
        if error := next(results):
            raise error

    Prober(breaker, probe)
    fail(breaker)
    poll_until(lambda: breaker.state is State.CLOSED)
    whys = [t.why for t in breaker.transitions if t.from_state is State.HALF_OPEN]
    assert whys == ["probe failed: one", "probe failed: two", "probe succeeded"]


def test_rejection_closes_the_circuit(breaker: Breaker, poll_until: PollUntil) -> None:
    """A dependency that says 404 to the probe is well."""

    def probe() -> None:
        raise RequestRejected(404, "no such product")

    Prober(breaker, probe)
    fail(breaker)
    poll_until(lambda: breaker.state is State.CLOSED)


def test_forced_open_circuit_is_left_alone_until_it_is_given_back(breaker: Breaker, poll_until: PollUntil) -> None:
    """The operator's order stops the probing; automatic control starts it."""
    probes: list[int] = []
    Prober(breaker, lambda: probes.append(1))
    breaker.take_control(Control.FORCED_OPEN)
    poll_until(lambda: not threads_of(breaker))
    assert probes == []
    breaker.take_control(Control.AUTOMATIC)
    poll_until(lambda: breaker.state is State.CLOSED)
    assert probes == [1]


def test_operator_is_not_kept_waiting_by_a_hanging_probe(breaker: Breaker, poll_until: PollUntil) -> None:
    """With a probe that hangs, every order takes effect at once."""
    probing, let_go = threading.Event(), threading.Event()

    def hang() -> None:
        probing.set()
        let_go.wait(10)

    Prober(breaker, hang)
    fail(breaker)
    assert probing.wait(10)
    breaker.take_control(Control.FORCED_CLOSED)
    states = [breaker.state]
    breaker.take_control(Control.FORCED_OPEN)
    assert [*states, breaker.state] == [State.CLOSED, State.OPEN]
    let_go.set()
    poll_until(lambda: not threads_of(breaker))
    assert breaker.calls.late == 1
