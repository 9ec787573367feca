"""api-gateway-v2 without its metrics and its log: `python -m benchmarks.under_test.unobserved`."""

from unittest.mock import patch

from flask import Flask
from prometheus_client import CollectorRegistry

import api_gateway_v2.app
from api_gateway_v2.listeners import Listener
from api_gateway_v2.settings import Settings
from shopkit.server import serve


def create_app(settings: Settings) -> Flask:
    """Build v2, with nothing in place of each part that counts or logs."""
    with (
        patch("shopkit.logs.init_app"),
        patch("shopkit.metrics.init_app", lambda _app: CollectorRegistry()),
        patch("api_gateway_v2.protection.EventLog", lambda _breaker: Listener()),
        patch("api_gateway_v2.protection.EventMetrics"),
    ):
        return api_gateway_v2.app.create_app(settings)


if __name__ == "__main__":
    serve("api-gateway-v2-unobserved", create_app, Settings)
