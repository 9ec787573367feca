"""The control room: who is asked for what, how often, and the one picture that all of it makes."""

import json
import threading
import time
from dataclasses import asdict

import structlog

from control_room.audience import Audience
from control_room.circuit_view import CircuitView
from control_room.contact import Link, contact_of, poller_of
from control_room.dependency_view import DependencyView
from control_room.gateway_view import WINDOW_S, GatewayView
from control_room.load_view import LoadView
from control_room.marks import BOTH, Kind, Mark, Marks
from control_room.settings import Settings
from shopkit.poller import Poller

_log = structlog.get_logger()

PICTURE_EVERY_S = 0.25
# Each question costs the gateway some milliseconds: docs/control-room.md has the figures.
METRICS_EVERY_S = 0.5
V2_METRICS_EVERY_S = 0.75
CIRCUIT_EVERY_S = 0.25  # tells, too, that v2 is there
FAULTS_EVERY_S = 0.5
LOAD_EVERY_S = 1.0


class Room:
    """Asks every service once for all that listen, from the first request on."""

    def __init__(self, settings: Settings, audience: Audience) -> None:
        self._audience = audience
        self._marks = Marks()
        self._lock = threading.Lock()
        self._started = False
        self._links: dict[str, Link] = {}
        self._gateways = {"v1": GatewayView(), "v2": GatewayView()}
        self._circuit = CircuitView()
        of_v2 = settings.recommendations_service_v2_url
        self._recommendations = DependencyView("", self._marks, of=("v1",) if of_v2 else BOTH)
        self._recommendations_v2 = DependencyView("", self._marks, of=("v2",)) if of_v2 else None
        self._product = DependencyView("product service:", self._marks)
        self.loads = {name: LoadView(name, self._marks) for name in self._gateways}
        self._pollers = self._make_pollers(settings)

    def open(self) -> None:
        """Begin to watch, unless that has begun: not before the server has forked, which threads do not survive."""
        with self._lock:
            if self._started:
                return
            self._started = True
        for poller in self._pollers.values():
            poller.start()
        threading.Thread(target=self._show, name="pictures", daemon=True).start()

    def hurry(self) -> None:
        """Ask everyone at once: something was changed."""
        for poller in self._pollers.values():
            poller.hurry()

    def picture(self) -> dict[str, object]:
        """Return all that the page shows, as of now."""
        now, monotonic_now = time.time(), time.monotonic()
        contacts = {name: contact_of(poller, monotonic_now) for name, poller in self._pollers.items()}
        contacts["v2"] = contacts["circuit"]
        for name in self._gateways:
            self._note_link(name, contacts[name].link, now)
        marks = [*self._marks.since(now - WINDOW_S), *self._circuit.marks(now - WINDOW_S)]
        return {
            "now": now,
            "gateways": {name: view.show(contacts[name]) for name, view in self._gateways.items()},
            "circuit": self._circuit.show(contacts["circuit"]),
            "recommendations": self._recommendations.show(contacts["faults"]),
            "recommendations_v2": self._recommendations_v2 and self._recommendations_v2.show(contacts["faults-v2"]),
            "product": self._product.show(contacts["product"]),
            "loads": {name: view.show(contacts[f"load-{name}"]) for name, view in self.loads.items()},
            "marks": [asdict(mark) for mark in sorted(marks, key=lambda mark: mark.at)],
            "listeners": self._audience.size,
        }

    def _make_pollers(self, settings: Settings) -> dict[str, Poller[None]]:
        v1, v2, sick = settings.api_gateway_v1_url, settings.api_gateway_v2_url, settings.recommendations_service_url
        gateways, loads = self._gateways, self.loads
        return {
            "v1": poller_of(f"{v1}/metrics", gateways["v1"].take, every_s=METRICS_EVERY_S),
            "v2-metrics": poller_of(f"{v2}/metrics", gateways["v2"].take, every_s=V2_METRICS_EVERY_S),
            "circuit": poller_of(f"{v2}/circuit-status", self._circuit.take, every_s=CIRCUIT_EVERY_S),
            "product": poller_of(
                f"{settings.product_service_url}/faults", self._product.take_fault, every_s=FAULTS_EVERY_S
            ),
            **_pollers_of(sick, self._recommendations),
            **_pollers_of(settings.recommendations_service_v2_url, self._recommendations_v2, "-v2"),
            "load-v1": poller_of(f"{settings.load_v1_url}/stats/requests", loads["v1"].take, every_s=LOAD_EVERY_S),
            "load-v2": poller_of(f"{settings.load_v2_url}/stats/requests", loads["v2"].take, every_s=LOAD_EVERY_S),
        }

    def _note_link(self, name: str, link: Link, now: float) -> None:
        """Mark it when a gateway stops answering, and when it answers again."""
        before = self._links.get(name, Link.CONNECTING)
        self._links[name] = link
        if link is not before and Link.CONNECTING not in (before, link):
            kind = Kind.BACK if link is Link.ANSWERING else Kind.LINK
            self._marks.add(Mark(now, kind, f"{name} {_in_words(link)}", (name,)))

    def _show(self) -> None:
        while True:
            try:
                self._hand_out()
            except Exception:  # noqa: BLE001 - whatever it is: the page must not stand still for it
                _log.exception("no picture")
            time.sleep(PICTURE_EVERY_S)

    def _hand_out(self) -> None:
        if self._audience.size:
            self._audience.show(json.dumps(self.picture(), separators=(",", ":")))


def _pollers_of(url: str | None, view: DependencyView | None, of: str = "") -> dict[str, Poller[None]]:
    """Return those of a recommendations service, if there is one; their names end with `of`."""
    if url is None or view is None:
        return {}
    return {
        f"faults{of}": poller_of(f"{url}/faults", view.take_fault, every_s=FAULTS_EVERY_S),
        f"recommendations{of}": poller_of(f"{url}/metrics", view.take_metrics, every_s=METRICS_EVERY_S),
    }


def _in_words(link: Link) -> str:
    return {Link.SILENT: "does not answer", Link.DOWN: "is down"}.get(link, "answers")
