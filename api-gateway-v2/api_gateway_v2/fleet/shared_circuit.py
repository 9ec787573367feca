"""What one circuit tells the other replicas, and what it makes of what they tell."""

import random
from collections.abc import Collection, Mapping

from api_gateway_v2.breaker import Breaker
from api_gateway_v2.cooldown import cooldown_s
from api_gateway_v2.fleet.evidence import CircuitEvidence
from api_gateway_v2.listeners import Listener
from api_gateway_v2.permits import CallKind
from api_gateway_v2.transitions import Control, State

QUORUM_AT_LEAST = 2  # one other replica may be the one with the sick path
HOLD_S = (
    0.5  # how far a probe is put off at a time: as long after the last word of the elected one it is made at latest
)
HOLD_SLACK_S = 1.0  # beyond the deadline of a probe, before a replica stops waiting for the elected one's


class SharedCircuit(Listener):
    """One circuit of this replica. Add it to its breaker as a listener: it counts the probes.

    `take` and `decide` are for one thread.
    """

    def __init__(self, breaker: Breaker, *, deadline_s: float, rng: random.Random | None = None) -> None:
        """`deadline_s` is how long a probe may take; `rng` draws the jitter of the cooldown."""
        self.breaker = breaker
        self.early_openings = 0
        self.replica = ""  # the name of this one
        self._longest_hold_s = deadline_s + HOLD_SLACK_S
        self._rng = rng or random.Random()  # noqa: S311 - jitter needs no cryptography
        self._good_probes = 0
        self._failed_probes = 0
        self._early_generation: int | None = None  # the last that others brought about
        self._last_prober = ""  # whose probe failed last
        self._failed_in_a_row = 0  # probes of the whole fleet, while OPEN here
        self._goes_ahead = False  # another's probe has succeeded: make one's own, elected or not
        self._held_since_s: float | None = None

    def on_probe(self, kind: CallKind) -> None:
        """Count the probe; one that proved nothing is no success either."""
        if kind is CallKind.SUCCESSFUL:
            self._good_probes += 1
        else:
            self._failed_probes += 1

    def evidence(self) -> CircuitEvidence:
        """Return what to tell the others now."""
        now = self.breaker.snapshot()
        return CircuitEvidence(
            name=self.breaker.name,
            is_open=now.state is not State.CLOSED and now.control is Control.AUTOMATIC,
            by_itself=self._early_generation is None or now.generation > self._early_generation + 1,
            failures=now.failure_count,
            good_probes=self._good_probes,
            failed_probes=self._failed_probes,
        )

    def take(
        self, replica: str, before: CircuitEvidence, after: CircuitEvidence, others: Mapping[str, CircuitEvidence]
    ) -> None:
        """Note the probes that a replica, this one or another, has made between `before` and `after`.

        A failed one out of turn does not count, so that no other replica can keep this one from ever probing itself.
        """
        if after.good_probes > before.good_probes:
            self._goes_ahead = replica != self.replica
            if self._goes_ahead:
                self.breaker.plan_probe(0.0)
        elif after.failed_probes > before.failed_probes and replica in (self.replica, self._elected(others)):
            self._last_prober, self._goes_ahead = replica, False
            self._begin_cooldown(others)

    def decide(self, others: Mapping[str, CircuitEvidence]) -> None:
        """Open early, or leave the next probe to the replica whose turn it is."""
        if self.breaker.state is State.CLOSED:
            self._failed_in_a_row, self._goes_ahead, self._held_since_s = 0, False, None
            self._open_early(others)
        elif self._goes_ahead or self._elected(others) == self.replica:
            self._held_since_s = None
        else:
            self._hold_probe()

    def open_replicas(self, others: Mapping[str, CircuitEvidence]) -> int:
        """Return how many of the others are OPEN by what they have seen themselves."""
        return sum(one.is_open and one.by_itself for one in others.values())

    def _open_early(self, others: Mapping[str, CircuitEvidence]) -> None:
        are_open = self.open_replicas(others)
        if are_open < QUORUM_AT_LEAST or 2 * are_open <= len(others):
            return
        generation = self.breaker.open_early(f"{are_open} of {len(others)} other replicas are OPEN")
        if generation is not None:
            self._early_generation = generation
            self.early_openings += 1

    def _elected(self, others: Mapping[str, CircuitEvidence]) -> str:
        """Return whose turn it is to probe: the replicas that are OPEN take turns, in the order of their names."""
        return next_after(self._last_prober, {self.replica, *(name for name, one in others.items() if one.is_open)})

    def _begin_cooldown(self, others: Collection[str]) -> None:
        """Begin the cooldown again, as after a failed probe of one's own; alone, the breaker has done so."""
        self._failed_in_a_row += 1
        self._held_since_s = None
        if others:
            self.breaker.plan_probe(cooldown_s(self.breaker.settings, self._failed_in_a_row, self._rng))

    def _hold_probe(self) -> None:
        """Put the probe off while the elected replica is heard, but not for long: it may hear and never probe."""
        due_in_s = self.breaker.probe_due_in_s()
        if due_in_s is None or due_in_s > HOLD_S / 2:
            return
        now_s = self.breaker.clock()
        if self._held_since_s is None:
            self._held_since_s = now_s
        if now_s - self._held_since_s < self._longest_hold_s:
            self.breaker.plan_probe(HOLD_S)


def next_after(last: str, replicas: Collection[str]) -> str:
    """Return the replica that follows `last` in the order of names; after the last comes the first."""
    return min((name for name in replicas if name > last), default=min(replicas))
