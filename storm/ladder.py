"""The rungs of the storm: the gateway, what the dependency does differently, and what that leaves unsolved.

Standard library only. Each rung to BOUNDED adds one thing to the one before it. NEWEST_FIRST stands alone, behind a
gateway that knows nothing of any of this, and BREAKER before a dependency that does not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from benchmarks.under_test.registry import GatewayUnderTest, guard_with, small_with
from storm.plan import COOLDOWN_S, SLOTS, TIMEOUT_S

QUEUE_PER_SLOT = 4  # of the bounded queue: with calls of 0.1 s, nobody waits longer than 0.4 s for a turn
QUEUE = QUEUE_PER_SLOT * SLOTS
RAMP_S = 5.0
GATEWAY_THREADS = 256  # four attempts of 1 s, 14 requests/s: 56 in flight, and never the gateway's own threads
MOST_GATEWAY_THREADS = 1024
USUAL_THREADS = 512
DROWNING_THREADS = 3072  # for a queue that only grows: each call that waits has a thread
MOST_THREADS = 4096  # of the dependency: calls beyond that wait unread


@dataclass(frozen=True, slots=True, eq=False)
class StormRung:
    """One lane of the storm. Its lengths and threads are those at scale 1."""

    gateway: GatewayUnderTest
    leaves: str  # what it does not solve
    obeys_deadline: bool = False  # the dependency, as all that follows
    lengths: Mapping[str, int] = field(default_factory=dict)  # in calls, by the parameter of its capacity
    dependency_threads: int = USUAL_THREADS

    @property
    def name(self) -> str:
        """The name of its gateway."""
        return self.gateway.name

    def capacity(self, scale: int) -> dict[str, object]:
        """Return the parameters that are special about its dependency's capacity."""
        lengths = {name: calls * scale for name, calls in self.lengths.items()}
        return {"obeys_deadline": self.obeys_deadline, **lengths}

    def threads(self, scale: int) -> int:
        """Return how many threads its dependency has."""
        return min(MOST_THREADS, self.dependency_threads * scale)


def gateway_threads(scale: int) -> int:
    """Return how many threads each gateway has."""
    return min(MOST_GATEWAY_THREADS, GATEWAY_THREADS * scale)


def _retrying(name: str, protection: str, adds: str) -> GatewayUnderTest:
    return small_with(name, protection, adds, UNDER_TEST_DEADLINE_S=str(TIMEOUT_S))


def _guard(name: str, adds: str, **settings: str) -> GatewayUnderTest:
    return guard_with(
        name,
        adds,
        RECOMMENDATIONS_DEADLINE_S=str(TIMEOUT_S),
        BREAKER_RESET_TIMEOUT_S=str(COOLDOWN_S),
        **settings,
    )


UNPROTECTED = StormRung(
    _retrying("unprotected", "storm-retry", "a timeout of 1 s and three retries, one right after the other"),
    "Each page that fails costs four calls. The dependency gets more than it can do, so every page fails.",
    dependency_threads=DROWNING_THREADS,
)
BACKOFF = StormRung(
    _retrying("backoff", "storm-backoff", "pauses between the attempts that grow and vary"),
    "The calls come later, but as many of them. Pauses help against callers in step, not against too many calls.",
    dependency_threads=DROWNING_THREADS,
)
BUDGET = StormRung(
    _retrying("budget", "storm-budget", "retries for 10 % of the requests only"),
    "The queue that the trigger has left is worked off call by call, although their callers left long ago.",
)
DEADLINE = StormRung(
    _retrying(
        "deadline", "storm-budget", "the deadline is passed on, and the dependency skips a call that is too late"
    ),
    "The queue may still be as long as the deadline: a call that is begun just in time is answered just too late.",
    obeys_deadline=True,
)
BOUNDED = StormRung(
    _retrying(
        "bounded", "storm-budget", f"at most {QUEUE_PER_SLOT} calls wait for each slot; others are refused at once"
    ),
    "All of this needs callers who keep to a budget and pass on their deadline, and the length must fit: a longer "
    "queue makes calls late, a shorter one refuses calls that could be served.",
    obeys_deadline=True,
    lengths={"queue": QUEUE},
)
NEWEST_FIRST = StormRung(
    _retrying(
        "newest-first",
        "storm-retry",
        "instead of all that, the dependency alone: the newest call is served first while more than "
        f"{QUEUE_PER_SLOT} wait for each slot",
    ),
    "The old calls wait at the bottom, to be worked on for nobody. And while the dependency does not answer at all, "
    "every page still costs four calls, waits out its timeouts, and holds a thread of its gateway.",
    lengths={"newest_first_beyond": QUEUE},
    dependency_threads=DROWNING_THREADS,
)
BREAKER = StormRung(
    _guard("breaker", "instead of all that, the guard of v2 alone; the dependency is as it was"),
    "When the circuit closes, all calls come back at once, and a dependency that is still cold falls again.",
)
RAMP = StormRung(
    _guard("ramp", f"after the cooldown, calls come back over {RAMP_S:g} s", BREAKER_RAMP_S=str(RAMP_S)),
    "Pages go without recommendations that could be had, and a ramp that ends before the dependency is warm only "
    "makes the fall come later.",
)
LADDER = (UNPROTECTED, BACKOFF, BUDGET, DEADLINE, BOUNDED, NEWEST_FIRST, BREAKER, RAMP)
