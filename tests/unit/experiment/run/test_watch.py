"""What is read from the services while the load runs."""

from collections.abc import Callable
from typing import Any

from experiment.run.watch import WAITING, Watch, merged, useless
from experiment.services import GATEWAY_V1, GATEWAY_V2, GATEWAYS, Service
from shopkit.metrics_reader import Metrics
from support.readings import FakeShop, calls_metrics, circuit, gateway_metrics
from support.story import transition

PollUntil = Callable[..., None]


class SilentShop(FakeShop):
    """Its circuit tells of the last two of its changes only, and one gateway is silent."""

    def __init__(self) -> None:
        super().__init__()
        self.silent = {GATEWAY_V1}
        self.changes = [transition(n, "CLOSED", "OPEN") for n in range(4)]
        self.told = 2

    def circuit(self, of: Service = GATEWAY_V2) -> dict[str, Any]:  # noqa: ARG002 - it has one
        """Return one change more each time."""
        self.told = min(self.told + 1, len(self.changes))
        return circuit() | {"transitions": self.changes[self.told - 3 : self.told]}


def test_watch_keeps_every_change_of_the_circuit(poll_until: PollUntil) -> None:
    """Each change is there once, in order, though the gateway forgets old ones; a silent gateway delays nothing."""
    shop = SilentShop()
    watch = Watch(shop)
    watch.start()
    try:
        poll_until(lambda: len(watch.circuits[GATEWAY_V2].transitions) == 4)
        assert watch.circuits[GATEWAY_V2].transitions == shop.changes
        poll_until(lambda: watch.gateways[GATEWAY_V2].latest and watch.recommendations.latest)
        poll_until(lambda: watch.gateways[GATEWAY_V1].samples)
        assert watch.gateways[GATEWAY_V1].latest is None
        assert set(watch.gateways) == set(GATEWAYS)
    finally:
        watch.stop()


class BusyShop(FakeShop):
    """Its gateways have five busy threads, the one that answers included; what its circuit answers is no status."""

    def circuit(self, of: Service = GATEWAY_V2) -> dict[str, Any]:  # noqa: ARG002 - it has one
        """Return something else than a status."""
        return {}

    def metrics(self, service: Service, within_s: float = 0.0) -> Metrics:
        """Return a reading with calls that met a fault, and some that met none."""
        assert within_s > 100, "a stuck gateway is waited for, not asked again"
        return (
            gateway_metrics(in_flight=5)
            if service in GATEWAYS
            else calls_metrics(GATEWAY_V2.name, 3, hang=2, useless=4)
        )


def test_samples_hold_the_figures_that_a_report_needs() -> None:
    """A gateway's samples are its busy threads; those of recommendations are the calls of each gateway."""
    watch = Watch(BusyShop())
    for poller in (watch.gateways[GATEWAY_V1], watch.recommendations, watch.circuits[GATEWAY_V2].poller):
        poller.look()
    assert watch.gateways[GATEWAY_V1].latest == 5
    seen = watch.recommendations.latest
    assert seen is not None
    assert (seen[GATEWAY_V1.name], seen[GATEWAY_V2.name], seen[useless(GATEWAY_V2.name)], seen[WAITING]) == (0, 5, 4, 1)
    circuit_seen = watch.circuits[GATEWAY_V2]
    assert (circuit_seen.poller.latest, circuit_seen.transitions) == (None, [])


def test_transition_has_its_earliest_moment() -> None:
    """A transition seen in several answers has the moment of the fastest one, which is the nearest to the truth."""
    seen = [transition(1, "CLOSED", "OPEN", late_s=late_s) for late_s in (0.2, 0.003, 0.1)]
    probe = transition(11, "OPEN", "HALF-OPEN")
    assert merged(seen[:1], [*seen[1:], probe]) == [seen[1], probe]
