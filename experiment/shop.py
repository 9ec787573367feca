"""What the experiment asks of a running shop, over HTTP."""

from typing import Any

import requests

from experiment.engines.services import GATEWAY_V2, RECOMMENDATIONS, Service
from experiment.errors import EnvironmentProblem

ANSWERS_WITHIN_S = 5


class Shop:
    """The services at their addresses."""

    def __init__(self, urls: dict[Service, str]) -> None:
        self.urls = urls

    def set_fault(self, fault: dict[str, object] | None) -> dict[str, object] | None:
        """Put a fault into the recommendations service, or with None take it out; return what was there before."""
        url = f"{self.urls[RECOMMENDATIONS]}/faults"
        before: dict[str, object] | None = _ask("GET", url)["fault"]
        _ask("PUT", url, fault) if fault else _ask("DELETE", url)
        return before

    def circuit(self) -> dict[str, Any]:
        """Return v2's /circuit-status."""
        return _ask("GET", f"{self.urls[GATEWAY_V2]}/circuit-status")


def _ask(method: str, url: str, body: dict[str, object] | None = None) -> dict[str, Any]:
    try:
        answer = requests.request(method, url, json=body, timeout=ANSWERS_WITHIN_S)
        answer.raise_for_status()
        decoded: dict[str, Any] = answer.json()
    except requests.RequestException as error:
        raise EnvironmentProblem(f"{method} {url} failed: {error}") from error
    return decoded
