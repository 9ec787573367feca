"""What is read from the services while the load runs: each on a thread of its own, so that a stuck one delays none."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from experiment.errors import EnvironmentProblem
from experiment.run.shop import Metrics, Shop
from experiment.services import GATEWAYS, RECOMMENDATIONS, Service

CIRCUIT_EVERY_S = 0.25
METRICS_EVERY_S = 1.0
METRICS_WITHIN_S = 5.0

Seen = TypeVar("Seen")


@dataclass(frozen=True, slots=True)
class Sample(Generic[Seen]):
    """One look at a source; times on the monotonic clock."""

    asked_at: float
    answered_at: float | None  # None: it was still waited for at the end
    seen: Seen | None  # None: no answer in time


class Poller(Generic[Seen]):
    """Looks at one source again and again."""

    def __init__(self, look: Callable[[], Seen], every_s: float) -> None:
        """`look` raises EnvironmentProblem when there is no answer."""
        self._look = look
        self._every_s = every_s
        self._samples: list[Sample[Seen]] = []
        self._asked_at: float | None = None
        self._stopped = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    @property
    def samples(self) -> list[Sample[Seen]]:
        """All looks so far, the one that still waits included."""
        done, waiting = list(self._samples), self._asked_at
        return [*done, *([Sample(waiting, None, None)] if waiting is not None else [])]

    @property
    def latest(self) -> Seen | None:
        """What was seen last; None when the last look had no answer."""
        return self._samples[-1].seen if self._samples else None

    def stop(self) -> None:
        """Look no more; one that waits is given up by itself."""
        self._stopped.set()

    def _run(self) -> None:
        while not self._stopped.is_set():
            asked_at = self._asked_at = time.monotonic()
            seen = None
            with suppress(EnvironmentProblem):
                seen = self._look()
            self._asked_at = None  # before it is among the samples, which `samples` reads first: it never counts twice
            self._samples.append(Sample(asked_at, time.monotonic(), seen))
            self._stopped.wait(max(0.0, asked_at + self._every_s - time.monotonic()))


class Watch:
    """Looks at v2's circuit, at both gateways' threads, and at the calls that reach recommendations."""

    def __init__(self, shop: Shop) -> None:
        self.circuit: Poller[dict[str, Any]] = Poller(shop.circuit, CIRCUIT_EVERY_S)
        self.gateways: dict[Service, Poller[Metrics]] = {g: _metrics(shop, g) for g in GATEWAYS}
        self.recommendations: Poller[Metrics] = _metrics(shop, RECOMMENDATIONS)

    def transitions(self) -> list[dict[str, str]]:
        """Return every change of the circuit's state that was seen, in order; the gateway keeps the last ones only."""
        seen = [t for sample in self.circuit.samples if sample.seen for t in sample.seen["transitions"]]
        return list({(t["at"], t["to"]): t for t in seen}.values())

    def stop(self) -> None:
        """Look no more."""
        self.circuit.stop()
        for poller in (*self.gateways.values(), self.recommendations):
            poller.stop()


def _metrics(shop: Shop, service: Service) -> Poller[Metrics]:
    return Poller(lambda: shop.metrics(service, METRICS_WITHIN_S), METRICS_EVERY_S)
