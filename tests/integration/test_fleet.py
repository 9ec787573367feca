"""Three replicas of api-gateway-v2 as processes, and a real Redis between them that hangs, is slow, wiped or killed."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from benchmarks.fleet.replicas import FLEET, Replicas, status_of, total
from benchmarks.processes import BenchServer, running
from benchmarks.redis_server import RedisServer, redis_running
from shopkit.direct import direct_session
from support.redis import require_redis

PollUntil = Callable[..., None]
ANSWERS_WITHIN_S = 10
CLOSED, OPEN = "CLOSED", "OPEN"


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A Redis of the tests' own."""
    require_redis()
    with redis_running(tmp_path_factory.mktemp("redis") / "redis.log") as server:
        yield server


@pytest.fixture(scope="module")
def replicas(redis: RedisServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replicas]:
    """Return three replicas that share."""
    fleet = Replicas(FLEET, redis.url)
    with running(fleet.servers, tmp_path_factory.mktemp("fleet")):
        fleet.wait_until_sharing()
        yield fleet


def page(gateway: BenchServer) -> dict[str, Any]:
    """Return a product page."""
    answer = direct_session().get(f"{gateway.url}/product-details/1", timeout=ANSWERS_WITHIN_S)
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found


def states(replicas: Replicas) -> list[str]:
    """Return the state of every replica's circuit of recommendations."""
    return [status_of(gateway)["state"] for gateway in replicas.gateways]


def alone_because(replicas: Replicas) -> set[str | None]:
    """Return why the replicas do not share; None where they do."""
    return {status_of(gateway)["fleet"]["alone_because"] for gateway in replicas.gateways}


def break_dependency(replicas: Replicas) -> None:
    """Let recommendations fail at once."""
    fault = {"kind": "error", "status": 503}
    direct_session().put(f"{replicas.well.url}/faults", json=fault, timeout=ANSWERS_WITHIN_S).raise_for_status()


def heal(replicas: Replicas) -> None:
    """Let recommendations be well."""
    direct_session().delete(f"{replicas.well.url}/faults", timeout=ANSWERS_WITHIN_S).raise_for_status()


@contextmanager
def slowed(redis: RedisServer) -> Iterator[None]:
    """Let Redis stand still most of the time during the block."""
    ends = threading.Event()

    def stand_still() -> None:
        while not ends.wait(0.01):
            redis.suspend()
            ends.wait(0.05)
            redis.resume()

    thread = threading.Thread(target=stand_still)
    thread.start()
    try:
        yield
    finally:
        ends.set()
        thread.join()


def test_fleet_opens_early_and_probes_as_one(replicas: Replicas, poll_until: PollUntil) -> None:
    """Two replicas open by three failures each, the third by one; they share their probes, and all close again."""
    first, second, third = replicas.gateways
    break_dependency(replicas)
    page(third)
    for gateway in (first, second):
        for _ in range(3):
            page(gateway)
    poll_until(lambda: states(replicas)[2] == OPEN)
    status = status_of(third)
    assert status["transitions"][-1]["why"] == "2 of 2 other replicas are OPEN"
    assert status["fleet"]["early_openings"] == {"recommendations-service": 1, "product-service": 0}

    probes = [total(gateway, "circuitbreaker_probes_total") for gateway in replicas.gateways]
    poll_until(
        lambda: all(total(g, "circuitbreaker_probes_total") > n for g, n in zip(replicas.gateways, probes, strict=True))
    )
    heal(replicas)
    poll_until(lambda: states(replicas) == [CLOSED] * 3)
    assert [page(gateway)["degraded_mode"] for gateway in replicas.gateways] == [False] * 3


@pytest.mark.parametrize("trouble", ["hangs", "is killed"])
def test_redis_in_trouble_leaves_each_alone(
    replicas: Replicas, redis: RedisServer, poll_until: PollUntil, trouble: str
) -> None:
    """While Redis hangs or is gone, pages are served, each circuit goes by its own calls, and says that it is alone."""
    poll_until(lambda: states(replicas) == [CLOSED] * 3)
    if trouble == "hangs":
        redis.suspend()
    else:
        redis.kill()
    try:
        why = {"hangs": "Redis does not answer within 0.1 s", "is killed": "Redis cannot be reached"}[trouble]
        poll_until(lambda: alone_because(replicas) == {why})
        assert [page(gateway)["degraded_mode"] for gateway in replicas.gateways] == [False] * 3
        assert [total(gateway, "circuit_fleet_sharing") for gateway in replicas.gateways] == [0] * 3

        break_dependency(replicas)
        page(replicas.gateways[2])
        for gateway in replicas.gateways[:2]:
            for _ in range(3):
                page(gateway)
        assert states(replicas)[2] == CLOSED
        assert status_of(replicas.gateways[2])["failure_count"] == 1
    finally:
        heal(replicas)
        if trouble == "hangs":
            redis.resume()
        else:
            redis.start()
    poll_until(lambda: states(replicas) == [CLOSED] * 3)
    replicas.wait_until_sharing()


def test_slow_redis_costs_no_page(replicas: Replicas, redis: RedisServer) -> None:
    """While Redis stands still for 50 ms out of 60, pages come whole; afterwards the replicas share."""
    with slowed(redis):
        found = [page(gateway)["degraded_mode"] for _ in range(10) for gateway in replicas.gateways]
    assert found == [False] * len(found)
    replicas.wait_until_sharing()


def test_wiping_redis_changes_nothing(replicas: Replicas, redis: RedisServer) -> None:
    """Nothing is stored there that could be lost, and nothing is written there by those who share."""
    replicas.wait_until_sharing()
    assert (redis.ask("DBSIZE"), redis.ask("FLUSHALL")) == (":0", "+OK")
    heard = [len(status_of(gateway)["fleet"]["others"]) for gateway in replicas.gateways]
    assert (heard, alone_because(replicas)) == ([2, 2, 2], {None})
