"""What the experiment asks of a running shop, over HTTP."""

from typing import Any

import requests

from experiment.errors import EnvironmentProblem
from experiment.services import GATEWAY_V2, RECOMMENDATIONS, Service
from shopkit.direct import direct_session
from shopkit.metrics_reader import Metrics

ANSWERS_WITHIN_S = 5.0


class Shop:
    """The services at their addresses."""

    def __init__(self, urls: dict[Service, str]) -> None:
        self.urls = urls

    def fault(self) -> dict[str, Any] | None:
        """Return the fault that is in the recommendations service."""
        fault: dict[str, Any] | None = _json("GET", self._faults)["fault"]
        return fault

    def set_fault(self, fault: dict[str, Any] | None) -> None:
        """Put a fault into the recommendations service, or with None take it out."""
        _json("PUT", self._faults, fault) if fault else _json("DELETE", self._faults)

    def circuit(self) -> dict[str, Any]:
        """Return v2's /circuit-status."""
        return _json("GET", f"{self.urls[GATEWAY_V2]}/circuit-status")

    def metrics(self, service: Service, within_s: float = ANSWERS_WITHIN_S) -> Metrics:
        """Return what a service counts."""
        url = f"{self.urls[service]}/metrics"
        try:
            return Metrics(_ask("GET", url, within_s=within_s).text)
        except ValueError as error:
            raise _unexpected("GET", url) from error

    @property
    def _faults(self) -> str:
        return f"{self.urls[RECOMMENDATIONS]}/faults"


def _json(method: str, url: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    try:
        decoded = _ask(method, url, body).json()
    except ValueError as error:
        raise _unexpected(method, url) from error
    if not isinstance(decoded, dict):
        raise _unexpected(method, url)
    return decoded


def _unexpected(method: str, url: str) -> EnvironmentProblem:
    return EnvironmentProblem(f"{method} {url} gave an unexpected answer: is another program listening there?")


def _ask(
    method: str, url: str, body: dict[str, Any] | None = None, *, within_s: float = ANSWERS_WITHIN_S
) -> requests.Response:
    try:
        with direct_session() as session:
            answer = session.request(method, url, json=body, timeout=within_s)
        answer.raise_for_status()
    except requests.RequestException as error:
        raise EnvironmentProblem(f"{method} {url} failed: {error}") from error
    return answer
