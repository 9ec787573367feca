"""GET /recommendations/{id}, and GET, PUT, DELETE /faults."""

import time
from collections.abc import Callable

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from recommendations_service.calls import caller_of, count_calls
from recommendations_service.faults import FAULT, FaultInjector, Hang
from recommendations_service.related import related_to
from recommendations_service.settings import Settings
from shopkit.catalogue import Catalogue
from shopkit.errors import ApiError
from shopkit.products import Product, parse_id
from shopkit.service import create_service


def create_app(settings: Settings | None = None, *, sleep: Callable[[float], None] = time.sleep) -> Flask:
    """Build the application; `sleep` is what its faults wait with.

    Raises:
        StartError: the catalogue is not fit to recommend from.
    """
    settings = settings or Settings()
    catalogue = Catalogue.read()
    faults = FaultInjector(Hang() if settings.simulate_failure else None, sleep=sleep)
    app = create_service("recommendations-service")
    calls = count_calls(app.extensions["metrics"])

    @app.get("/recommendations/<product_id>")
    def recommendations(product_id: str) -> list[Product] | Response:
        calls.labels(caller_of(request.user_agent.string), faults.fault.kind if faults.fault else "none").inc()
        return faults.answer(related_to(catalogue, parse_id(product_id)))

    @app.get("/faults")
    def get_fault() -> ResponseReturnValue:
        return {"fault": faults.fault and faults.fault.model_dump()}

    @app.put("/faults")
    def put_fault() -> ResponseReturnValue:
        try:
            faults.fault = FAULT.validate_json(request.get_data())
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False)[0]
            field = ".".join(str(part) for part in first["loc"])
            raise ApiError(400, "not a fault", field=field, reason=first["msg"]) from None
        return get_fault()

    @app.delete("/faults")
    def delete_fault() -> ResponseReturnValue:
        faults.fault = None
        return get_fault()

    return app
