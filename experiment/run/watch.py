"""Polls the services during the load, each on its own thread, so that a stuck service does not delay the others."""

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from experiment.run.shop import Shop
from experiment.services import GATEWAY_V2, GATEWAYS, RECOMMENDATIONS, Service
from shopkit.poller import PATIENCE_S, Poller

CIRCUIT_EVERY_S = 0.25
METRICS_EVERY_S = 1.0

WAITING = "waiting"  # calls that wait for a slot, in a reading of recommendations

Transition = dict[str, Any]  # as `Shop.circuit` has it


def useless(gateway: str) -> str:
    """Return what a reading calls the work for a gateway that had left; the calls are under the gateway's name."""
    return f"{gateway}: useless"


def merged(*seen: Iterable[Transition]) -> list[Transition]:
    """Return each transition once, in order, with its earliest moment: a slow answer puts it too late."""
    found: dict[tuple[str, str], Transition] = {}
    for transition in chain(*seen):
        same = found.setdefault((transition["at"], transition["to"]), transition)
        if transition["at_s"] < same["at_s"]:
            found[transition["at"], transition["to"]] = transition
    return list(found.values())


class CircuitWatch:
    """Polls the circuit of v2, or of one replica."""

    def __init__(self, shop: Shop, of: Service) -> None:
        self._shop = shop
        self._of = of
        self.transitions: list[Transition] = []  # seen so far, in order; the gateway itself keeps only the last ones
        self.last: dict[str, Any] | None = None  # the last status that could be read
        self.poller: Poller[dict[str, Any]] = Poller(self._look, every_s=CIRCUIT_EVERY_S, keep=1)

    def _look(self) -> dict[str, Any]:
        status = self._shop.circuit(self._of)
        # a new list: another thread may be reading the old one
        self.transitions = merged(self.transitions, status["transitions"])
        self.last = status
        return status


class Watch:
    """Polls v2's circuits, both gateways' busy threads, and the calls that reach recommendations.

    Samples hold only the figures that a report needs, so that a long run takes little memory.
    """

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self.circuits: Mapping[Service, CircuitWatch] = {of: CircuitWatch(shop, of) for of in shop.circuits}
        self.gateways: dict[Service, Poller[int]] = {gateway: self._threads_of(gateway) for gateway in GATEWAYS}
        self.recommendations: Poller[dict[str, int]] = Poller(self._work, every_s=METRICS_EVERY_S)

    def start(self) -> None:
        """Start polling."""
        for poller in self._pollers:
            poller.start()

    def stop(self) -> None:
        """Stop polling."""
        for poller in self._pollers:
            poller.stop()

    @property
    def _pollers(self) -> tuple[Poller[Any], ...]:
        circuits = (circuit.poller for circuit in self.circuits.values())
        return (*circuits, *self.gateways.values(), self.recommendations)

    def _threads_of(self, gateway: Service) -> Poller[int]:
        """Return a poller of the gateway's busy threads, including one that serves /metrics."""
        other_replicas = len(self._shop.circuits) - 1 if gateway == GATEWAY_V2 else 0  # each serves its /metrics

        def poll() -> int:
            metrics = self._shop.metrics(gateway, PATIENCE_S)
            return round(metrics.total("http_requests_in_flight")) - other_replicas

        return Poller(poll, every_s=METRICS_EVERY_S)

    def _work(self) -> dict[str, int]:
        """Return what recommendations has done for each gateway: the calls that arrived, and the useless work."""
        metrics = self._shop.metrics(RECOMMENDATIONS, PATIENCE_S)
        work = {WAITING: metrics.total("recommendations_waiting_calls")}
        for gateway in GATEWAYS:
            work[gateway.name] = metrics.total("recommendations_calls_total", caller=gateway.name)
            work[useless(gateway.name)] = metrics.total("recommendations_work_total", caller=gateway.name, awaited="no")
        return {what: round(count) for what, count in work.items()}
