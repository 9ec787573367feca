"""The claims: what the run set out to show, tested on what it measured.

A claim that a run can't decide is not made: its phase is missing, or random variation alone could move the count by
more than half of what the claim allows.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from experiment.measure.claim import claim
from experiment.measure.expected import spread_of_requests
from experiment.measure.nature import Nature
from experiment.phases import Phase
from experiment.results.model import (
    AccountCheck,
    Claim,
    ClosedLoad,
    Experiment,
    GatewayResult,
    GuardSettings,
    OpenLoad,
    PhaseResult,
    ReplicaResult,
)

MARGIN_S = 0.1  # on top of the longest wait: two hops, and this machine's scheduling
PROTECT_MARGIN_S = 0.5  # on top of the time that enough slow calls need to come together
CLOSE_MARGIN_S = 0.5  # on top of a probe in flight when the fault was removed, and a cooldown
V2_REFUSES_AT_MOST = 0.01  # the bulkhead fills when this machine stalls for a moment
FAST_MS = 100.0  # Nielsen, Usability Engineering, 1993, 5.5
CEILING_SHARE = 0.95


@dataclass(frozen=True, slots=True)
class Judge:
    """Decides the claims from the measurements that they need."""

    experiment: Experiment
    guard: GuardSettings
    nature: Nature
    v1: GatewayResult
    v2: GatewayResult
    replicas: list[ReplicaResult]  # of v2; empty: it is one gateway
    checks: list[AccountCheck]
    served_by_v1: int  # product pages asked for and served within 1 s while the fault lasted
    refused_before_fault: float  # degraded share of v2's product pages that ended before the fault

    def claims(self) -> list[Claim]:
        """Return every claim that this run can decide."""
        parts: tuple[Callable[[], Iterator[Claim]], ...] = (
            self._fault,
            self._reaction,
            self._healthy,
            self._throughput,
            self._accounts,
        )
        return [made for part in parts for made in part()]

    def _fault(self) -> Iterator[Claim]:
        if self.nature.spares_products:
            yield claim("v2 fails no request", _lost(self.v2.whole_run), "=", 0, "requests")
        if Phase.FAULT not in self.v2.phases:
            return
        v1, v2 = self.v1.phases[Phase.FAULT], self.v2.phases[Phase.FAULT]
        if v1.product_details.accounts.scheduled and self.nature.is_total:
            yield claim("v1 serves no product page within 1 s during the fault", self.served_by_v1, "=", 0, "pages")
        if self.nature.spares_products and (slowest := v2.product_details.latency.answered):
            limit_ms = (self.guard.patience_s + MARGIN_S) * 1000
            yield claim("v2's slowest product page waits no longer than it may", slowest.max_ms, "<=", limit_ms, "ms")
        if self.nature.spares_products and (catalogue := v2.catalogue.latency.answered):
            name = "the catalogue stays fast behind v2 during the fault (p99)"
            yield claim(name, catalogue.p99_ms, "<=", self._fast_ms(), "ms")
        if self.nature.trips and self.nature.calls_are_counted and (calls := v2.calls_to_recommendations) is not None:
            yield claim("v2 spares the sick service: calls let through", calls, "<=", self._calls_allowed(), "calls")

    def _fast_ms(self) -> float:
        """Return what people perceive as instant; on a busy machine, twice the latency before the fault."""
        before = self.v2.phases.get(Phase.HEALTHY)
        latency = before.catalogue.latency.answered if before else None
        return max(FAST_MS, 2 * latency.p99_ms) if latency else FAST_MS

    def _calls_allowed(self) -> int:
        """Return the calls in the bulkhead when the circuit trips, plus one probe for each cooldown; at each replica.

        Where only overdue calls count, others enter until enough are overdue; three times their mean leaves room for
        chance.
        """
        probes = math.ceil(self.experiment.phases_s[Phase.FAULT] / self.guard.reset_timeout_s)
        entering = math.ceil(3 * (self.guard.bulkhead_overdue_after_s or 0) * self._pages_per_s())
        at_each = max(self.guard.bulkhead_max_concurrent + entering, self.guard.fail_max) + probes
        return at_each * self._gateways

    def _reaction(self) -> Iterator[Claim]:
        if not self.nature.trips:
            return
        if Phase.FAULT in self.v2.phases and self.guard.failure_rate is None:
            waits_s = 0 if self.nature.breaks else self.guard.slow_call_s
            limit_s = waits_s + 3 * self.guard.fail_max / self._pages_per_s() + PROTECT_MARGIN_S
            for which, took_s in self._first_and_last("fault_to_open_s"):
                yield claim(f"v2 protects in time: fault to OPEN{which}", took_s, "<=", round(limit_s, 2), "s")
        if self.nature.calls_are_counted and {Phase.FAULT, Phase.RECOVERY} <= self.v2.phases.keys():
            limit_s = self.guard.deadline_s + self.guard.reset_timeout_s + CLOSE_MARGIN_S
            if self.experiment.phases_s[Phase.RECOVERY] > limit_s:
                for which, took_s in self._first_and_last("heal_to_closed_s"):
                    yield claim(f"v2 recovers in time: healed to CLOSED{which}", took_s, "<=", limit_s, "s")

    def _first_and_last(self, reaction: str) -> Iterator[tuple[str, float | None]]:
        """Yield how long v2's circuit took; of replicas, the first and the last one's."""
        if self.replicas:
            known_s = [took_s for one in self.replicas if (took_s := getattr(one, reaction)) is not None]
            yield ", the first replica", min(known_s, default=None)
        yield ", the last replica" if self.replicas else "", getattr(self.v2.reaction, reaction)

    @property
    def _gateways(self) -> int:
        return max(1, len(self.replicas))

    def _pages_per_s(self) -> float:
        """Return the product pages that v2, or each of its replicas, is asked for."""
        load = self.experiment.load
        asked_per_s = load.arrival_rate_per_s if isinstance(load, OpenLoad) else load.ceiling_per_s
        return asked_per_s * (1 - self.experiment.catalogue_share) / self._gateways

    def _healthy(self) -> Iterator[Claim]:
        if Phase.HEALTHY in self.v2.phases:
            yield claim(
                "v2 refuses (nearly) no recommendations before the fault",
                self.refused_before_fault,
                "<=",
                V2_REFUSES_AT_MOST,
                "share",
            )

    def _throughput(self) -> Iterator[Claim]:
        load = self.experiment.load
        if not isinstance(load, ClosedLoad) or not self.nature.spares_products:
            return
        length_s = sum(self.experiment.phases_s.values())
        random_share = 3 * spread_of_requests(load, length_s) / (load.ceiling_per_s * length_s)
        if random_share < (1 - CEILING_SHARE) / 2:
            wanted = round(CEILING_SHARE * load.ceiling_per_s, 2)
            answered = self.v2.whole_run.all_routes.answered_per_s
            yield claim("v2 answers all that these users can ask", answered, ">=", wanted, "requests/s")

    def _accounts(self) -> Iterator[Claim]:
        unequal = sum(check.held is False for check in self.checks) + sum(
            not _balances(phase) for gateway in (self.v1, self.v2) for phase in gateway.phases.values()
        )
        yield claim("the accounts balance: counts that disagree", unequal, "=", 0, "counts")


def _lost(result: PhaseResult) -> int:
    accounts = result.all_routes.accounts
    return accounts.failed + accounts.unanswered + accounts.unsent


def _balances(phase: PhaseResult) -> bool:
    routes = (phase.product_details.accounts, phase.catalogue.accounts)
    sums = [
        a.full + a.degraded + a.failed + a.unanswered + a.unsent == a.scheduled
        for a in (*routes, phase.all_routes.accounts)
    ]
    return all(sums) and sum(a.scheduled for a in routes) == phase.all_routes.accounts.scheduled
