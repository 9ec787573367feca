"""The experiment's requests to a running shop."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import requests

from experiment.errors import EnvironmentProblem
from experiment.run.wall_clocks import WallClocks
from experiment.services import GATEWAY_V2, Service
from shopkit.direct import direct_session
from shopkit.metrics_reader import Metrics

ANSWERS_WITHIN_S = 5.0


class Shop:
    """The services at their addresses."""

    def __init__(
        self,
        urls: dict[Service, str],
        *,
        replicas: Sequence[Service] = (),
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        """`replicas` are those of v2, whose address is then the balancer's; none: v2 has its own circuit."""
        self.urls = urls
        self.circuits = tuple(replicas) or (GATEWAY_V2,)  # the services that have one
        self.wall_clocks = WallClocks(wall_clock)
        self._clock = clock

    def fault(self, service: Service) -> dict[str, Any] | None:
        """Return the current fault of a service, or None."""
        fault: dict[str, Any] | None = self._json("GET", service, "/faults")["fault"]
        return fault

    def set_fault(self, service: Service, fault: dict[str, Any] | None) -> None:
        """Inject a fault into a service; None removes it."""
        self._json("PUT" if fault else "DELETE", service, "/faults", fault)

    def circuit(self, of: Service = GATEWAY_V2) -> dict[str, Any]:
        """Return the /circuit-status of v2, or of a replica.

        Each transition gets `at_s`, its moment on this machine's monotonic clock.
        """
        status = self._json("GET", of, "/circuit-status")
        now_s = self._clock()
        for transition in status["transitions"]:
            if "age_s" not in transition:
                raise EnvironmentProblem(f"{GATEWAY_V2.name} is an older version: docker compose up --build --detach")
            transition["at_s"] = now_s - transition["age_s"]
        return status

    def metrics(self, service: Service, within_s: float = ANSWERS_WITHIN_S) -> Metrics:
        """Return the metrics of a service; of v2 those of all replicas, and none where one of them does not answer."""
        asked = self.circuits if service == GATEWAY_V2 else (service,)
        return Metrics.together(self._metrics(one, within_s) for one in asked)

    def _metrics(self, service: Service, within_s: float) -> Metrics:
        try:
            return Metrics(self._ask("GET", service, "/metrics", within_s=within_s).text)
        except ValueError as error:
            raise _unexpected("GET", f"{self.urls[service]}/metrics") from error

    def _json(self, method: str, service: Service, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        try:
            decoded = self._ask(method, service, path, body).json()
        except ValueError as error:
            raise _unexpected(method, self.urls[service] + path) from error
        if not isinstance(decoded, dict):
            raise _unexpected(method, self.urls[service] + path)
        return decoded

    def _ask(
        self,
        method: str,
        service: Service,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        within_s: float = ANSWERS_WITHIN_S,
    ) -> requests.Response:
        asked_at_s = self.wall_clocks.clock()
        answer = _ask(method, self.urls[service] + path, body, within_s)
        if date := answer.headers.get("Date"):
            self.wall_clocks.note(service, date, asked_at_s)
        return answer


def _unexpected(method: str, url: str) -> EnvironmentProblem:
    return EnvironmentProblem(f"{method} {url} gave an unexpected answer: is another program listening there?")


def _ask(method: str, url: str, body: dict[str, Any] | None, within_s: float) -> requests.Response:
    try:
        with direct_session() as session:
            answer = session.request(method, url, json=body, timeout=within_s)
        answer.raise_for_status()
    except requests.RequestException as error:
        raise EnvironmentProblem(f"{method} {url} failed: {error}") from error
    return answer
