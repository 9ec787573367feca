"""api-gateway-v2 on real sockets while the service that it needs hangs."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from api_gateway_v2.app import create_app
from api_gateway_v2.settings import Settings
from integration.scripted_server import Serve, silent

PollUntil = Callable[..., None]
CALLERS = 6
ENOUGH_TO_TRIP = 3
FOREVER_S = 60.0


@pytest.fixture
def app(serve: Serve, refusing_url: str) -> Flask:
    """Return the gateway; its product service accepts connections and says nothing."""
    return create_app(
        Settings(
            product_service_url=serve(*[silent] * CALLERS).url,
            recommendations_service_url=refusing_url,
            product_deadline_s=FOREVER_S,
            product_slow_call_s=0.1,
            product_reset_timeout_s=3600,
            breaker_reset_timeout_s=3600,
            threads=CALLERS,
        )
    )


def circuit(app: Flask) -> dict[str, Any]:
    """Return the circuit of the product service."""
    status: dict[str, Any] = app.test_client().get("/circuit-status").get_json()["circuits"][1]
    return status


def test_hang_trips_and_releases_everybody(app: Flask, poll_until: PollUntil) -> None:
    """The circuit opens when calls are slow, those who wait get 503 with Retry-After, and nobody waits after them."""
    paths = ["/product-details/1", "/products", "/products/2"] * 2

    def get(path: str) -> tuple[int, str | None]:
        answer = app.test_client().get(path)
        return answer.status_code, answer.headers.get("Retry-After")

    with ThreadPoolExecutor(CALLERS) as callers:
        waiting = [callers.submit(get, path) for path in paths]
        poll_until(lambda: circuit(app)["state"] == "OPEN")
        assert [call.result(FOREVER_S / 2) for call in waiting] == [(503, "3600")] * CALLERS

    assert get("/product-details/1") == (503, "3600")
    status = circuit(app)
    assert "calls wait, one for 0.1 s, and none has succeeded" in status["transitions"][0]["why"]
    late, refused = status["calls"]["late"], status["calls"]["short_circuited"]
    assert (status["in_flight"], late + refused) == (0, CALLERS + 1)
    assert late >= ENOUGH_TO_TRIP  # a caller who came after the trip was refused
