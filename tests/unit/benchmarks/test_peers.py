"""Every breaker compared does what the comparison takes for granted."""

import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from benchmarks.peers import PEERS, Failure, OurGuard, Peer, Unprotected, fail, nothing

# aiobreaker 1.2 asks for the time as Python 3.12 and later would rather not be asked
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")

COOLDOWN_S = 0.05
EVERY_PEER = pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)


@EVERY_PEER
def test_closed_circuit_lets_calls_through(peer: type[Peer]) -> None:
    """The caller of a CLOSED circuit gets what the function returns."""
    assert peer().call(lambda: "answer") == "answer"


@EVERY_PEER
def test_failure_reaches_the_caller(peer: type[Peer]) -> None:
    """A failing call raises; where the guard answers with a fallback, its adapter raises."""
    breaker = peer()
    with pytest.raises(breaker.refused if isinstance(breaker, OurGuard) else Failure):
        breaker.call(fail)


@EVERY_PEER
def test_tripped_circuit_refuses(peer: type[Peer]) -> None:
    """After FAIL_MAX failures the function is no longer called."""
    breaker = peer()
    breaker.trip()
    called: list[None] = []
    with pytest.raises(breaker.refused):
        breaker.call(lambda: called.append(None))
    assert called == []


@EVERY_PEER
def test_fewer_failures_do_not_trip(peer: type[Peer]) -> None:
    """Two failures trip no peer."""
    breaker = peer()
    for _ in range(2):
        with suppress(Exception):
            breaker.call(fail)
    assert breaker.call(lambda: "answer") == "answer"


@EVERY_PEER
def test_probe_closes_the_circuit(peer: type[Peer], poll_until: Callable[..., None]) -> None:
    """One success after the cooldown closes the circuit."""
    breaker = peer(cooldown_s=COOLDOWN_S)
    breaker.trip()

    def probed() -> bool:
        with suppress(*breaker.refused):
            return breaker.probe(lambda: True)
        return False

    poll_until(probed)
    assert breaker.call(lambda: "answer") == "answer"


@pytest.mark.parametrize("peer", [Unprotected, *PEERS], ids=lambda peer: peer.name)
def test_repeated_calls_take_time(peer: type[Peer]) -> None:
    """Repeated calls are made and timed, both CLOSED and OPEN."""
    breaker = peer()
    started = time.perf_counter()
    closed_s = breaker.repeat(3)
    breaker.trip()
    open_s = breaker.repeat(3)
    assert 0 < closed_s + open_s <= time.perf_counter() - started


def test_bare_function_never_refuses() -> None:
    """The function without a breaker has no circuit to trip."""
    bare = Unprotected()
    bare.trip()
    bare.call(nothing)
