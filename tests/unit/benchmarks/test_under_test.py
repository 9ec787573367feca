"""The small protections of the gateways under test, without a server."""

from collections.abc import Callable
from functools import partial
from threading import Event, Thread

import pytest
import yaml

from benchmarks.under_test.mesh import CONFIGURATION
from benchmarks.under_test.protections import (
    ATTEMPTS,
    FIRST_PAUSE_S,
    MAX_CONCURRENT,
    PROTECTIONS,
    Protection,
    Related,
    budgeted_retry,
    bulkhead,
    naive_retry,
)
from benchmarks.under_test.registry import BENCH, MESH, RUNGS, SHARED, lock_for
from benchmarks.under_test.retry_budget import MOST, RetryBudget
from shopkit.errors import BadAnswer, CallRefused, DependencyError, RequestRejected
from storm.ladder import LADDER

BROKEN = BadAnswer("recommendations-service", "answered 500")
REJECTED = RequestRejected(404, "no such product")


class Failing:
    """A call that always fails, and counts how often it is made."""

    def __init__(self, error: Exception = BROKEN) -> None:
        self.made = 0
        self._error = error

    def __call__(self) -> Related:
        """Fail."""
        self.made += 1
        raise self._error


def failed(protection: Protection, call: Failing) -> int:
    """Return how often the call is made for one page, which gets no recommendations."""
    before = call.made
    with pytest.raises(DependencyError):
        protection(call)
    return call.made - before


def test_every_small_gateway_has_a_protection() -> None:
    """The registry and the protections name the same gateways, each once."""
    every = {*RUNGS, *BENCH, SHARED, *(rung.gateway for rung in LADDER)}
    assert len({gateway.name for gateway in every}) == len(every)
    assert {gateway.settings.get("UNDER_TEST_NAME") for gateway in every} - {None} == set(PROTECTIONS)


def test_envoy_is_installed_only_where_it_is_needed() -> None:
    """What `bench` compares by default needs no Envoy; the mesh does."""
    assert (lock_for(BENCH), lock_for([*BENCH, MESH])) == ("bench", "mesh")


def test_budget_is_a_share_of_the_requests() -> None:
    """A full bucket allows so many retries; after that, every tenth request brings one, and a quiet time no more."""
    budget = RetryBudget()
    assert sum(budget.withdraw() for _ in range(MOST + 5)) == MOST
    retried = 0
    for _ in range(1000):
        budget.deposit()
        retried += budget.withdraw()
    assert retried == 100
    for _ in range(10_000):
        budget.deposit()
    assert sum(budget.withdraw() for _ in range(10_000)) == MOST


@pytest.mark.parametrize("retry", [naive_retry, partial(budgeted_retry, sleep=lambda _: None)])
def test_retries_what_failed(retry: Callable[[], Protection]) -> None:
    """A failed call is made up to three times, and its last error is the page's; a rejected one is not repeated."""
    rejected = Failing(REJECTED)
    assert failed(retry(), Failing()) == ATTEMPTS
    with pytest.raises(RequestRejected):
        retry()(rejected)
    assert rejected.made == 1
    assert retry()(list) == []


def test_budget_bounds_the_retries_of_a_gateway() -> None:
    """While every call fails, the naive gateway makes three calls a page; with a budget, the retries run dry."""
    pages, naive, budgeted = 200, naive_retry(), budgeted_retry(sleep=lambda _: None)
    assert sum(failed(naive, Failing()) for _ in range(pages)) == ATTEMPTS * pages
    assert sum(failed(budgeted, Failing()) for _ in range(pages)) == pages + MOST + pages // 10 - 1


def test_pauses_grow_and_vary(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pause is drawn from zero to a limit ("full jitter") that doubles with each attempt."""
    ranges: list[tuple[float, float]] = []
    pauses: list[float] = []

    def draw(low: float, high: float) -> float:
        ranges.append((low, high))
        return high / 4

    monkeypatch.setattr("tenacity.wait.random.uniform", draw)
    failed(budgeted_retry(sleep=pauses.append), Failing())
    assert ranges[: ATTEMPTS - 1] == [(0, FIRST_PAUSE_S), (0, 2 * FIRST_PAUSE_S)]
    assert pauses == [FIRST_PAUSE_S / 4, FIRST_PAUSE_S / 2]


def test_bulkhead_refuses_one_call_too_many(poll_until: Callable[..., None]) -> None:
    """Ten calls may be in flight; the next is refused and not made, and there is a place again when one has ended."""
    protection, may_end, called = bulkhead(), Event(), Failing()
    in_flight: list[None] = []

    def wait() -> Related:
        in_flight.append(None)
        may_end.wait()
        return []

    callers = [Thread(target=protection, args=(wait,)) for _ in range(MAX_CONCURRENT)]
    for caller in callers:
        caller.start()
    poll_until(lambda: len(in_flight) == MAX_CONCURRENT)
    with pytest.raises(CallRefused):
        protection(called)
    assert called.made == 0
    may_end.set()
    for caller in callers:
        caller.join()
    assert failed(protection, called) == 1


def test_textbook_breaker_refuses_as_a_failure() -> None:
    """After three failures the library refuses, which a page meets as any failed call."""
    protection, call = PROTECTIONS["textbook-breaker"].protection(), Failing()
    assert [failed(protection, call) for _ in range(5)] == [1, 1, 1, 0, 0]


def test_envoy_listens_on_this_machine_only() -> None:
    """Every address in Envoy's configuration is 127.0.0.1, and there is no admin interface."""
    configuration = yaml.safe_load(CONFIGURATION.read_text(encoding="utf-8"))
    addresses = list(_addresses(configuration))
    assert addresses == ["127.0.0.1"] * 2
    assert "admin" not in configuration


def _addresses(node: object) -> list[object]:
    """Return the host of every socket address below this node."""
    if isinstance(node, list):
        return [host for one in node for host in _addresses(one)]
    if isinstance(node, dict):
        own = [node["socket_address"]["address"]] if "socket_address" in node else []
        return own + [host for one in node.values() for host in _addresses(one)]
    return []
