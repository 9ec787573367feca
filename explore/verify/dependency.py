"""A recommendations service with the twin's latency and errors: `python -m explore.verify.dependency`.

It takes the shop's own faults; a hang comes on top of what it does anyhow.
"""

import random
import time

from flask import Flask, Response, request
from pydantic import Field

from explore.latency import QuantileLatency
from shopkit.errors import ApiError
from shopkit.faults.routes import Faults
from shopkit.product_ids import parse_id
from shopkit.server import serve
from shopkit.service import create_service
from shopkit.settings import Port, ServiceSettings

NAME = "dependency-under-test"
ANSWER: list[dict[str, object]] = [
    {"id": 2, "name": "tea", "category": "kitchen", "price": 3.5, "description": "goes with everything"}
]


class Settings(ServiceSettings):
    """What it can be told."""

    port: Port = Field(validation_alias="UNDER_TEST_PORT")
    threads: int = Field(256, ge=1, le=4096, validation_alias="UNDER_TEST_THREADS")
    quantiles_s: dict[float, float] = Field(validation_alias="UNDER_TEST_QUANTILES")  # of its latency, as JSON
    error_share: float = Field(0.0, ge=0, le=1, validation_alias="UNDER_TEST_ERROR_SHARE")
    seed: int = Field(0, validation_alias="UNDER_TEST_SEED")


def create_app(settings: Settings) -> Flask:
    """Build the application."""
    latency, rng = QuantileLatency(settings.quantiles_s), random.Random(settings.seed)  # noqa: S311 - a model
    app = create_service(NAME)

    @app.get("/recommendations/<product_id>")
    def recommendations(product_id: str) -> list[dict[str, object]]:
        parse_id(product_id)
        if rng.random() < settings.error_share:
            raise ApiError(500, "a share of the answers fails")
        return ANSWER

    @app.after_request
    def take_time(answer: Response) -> Response:
        """Wait, now that it is decided whether the call hangs: as in the twin, its start decides that, not its end."""
        if request.endpoint == "recommendations":
            time.sleep(latency.draw_s(rng))
        return answer

    Faults(None, sleep=time.sleep).init_app(app, hits=("recommendations",), counted_as="recommendations")
    return app


if __name__ == "__main__":
    serve(NAME, create_app, Settings)
