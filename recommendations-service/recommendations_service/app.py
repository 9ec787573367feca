"""GET /recommendations/{id}, and the faults."""

import time
from collections.abc import Callable

from flask import Flask
from flask.typing import ResponseReturnValue

from recommendations_service.related import Recommendations
from recommendations_service.settings import Settings
from shopkit.faults.routes import Faults
from shopkit.faults.vocabulary import Hang
from shopkit.product_ids import parse_id
from shopkit.service import create_service


def create_app(settings: Settings | None = None, *, sleep: Callable[[float], None] = time.sleep) -> Flask:
    """Build the application; its faults wait with `sleep`.

    Raises:
        StartError: the data cannot be read, or is invalid.
    """
    settings = settings or Settings()
    known = Recommendations.read()
    app = create_service("recommendations-service")

    @app.get("/recommendations/<product_id>")
    def recommendations(product_id: str) -> ResponseReturnValue:
        return [product.model_dump() for product in known.related_to(parse_id(product_id))]

    faults = Faults(Hang() if settings.simulate_failure else None, sleep=sleep)
    faults.init_app(app, hits=("recommendations",), counted_as="recommendations")
    return app
