"""GET /recommendations/{id}, and GET, PUT, DELETE /faults."""

import time
from collections.abc import Callable

from flask import Flask, request
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from recommendations_service.calls import Calls
from recommendations_service.faults import FAULT, FaultInjector, Hang
from recommendations_service.related import Recommendations
from recommendations_service.settings import Settings
from shopkit.errors import ApiError
from shopkit.product_ids import parse_id
from shopkit.service import create_service
from shopkit.validation import first_problem


def create_app(settings: Settings | None = None, *, sleep: Callable[[float], None] = time.sleep) -> Flask:
    """Build the application; its faults wait with `sleep`.

    Raises:
        StartError: the data cannot be read, or is invalid.
    """
    settings = settings or Settings()
    known = Recommendations.read()
    faults = FaultInjector(Hang() if settings.simulate_failure else None, sleep=sleep)
    app = create_service("recommendations-service")
    calls = Calls(app.extensions["metrics"])

    @app.get("/recommendations/<product_id>")
    def recommendations(product_id: str) -> ResponseReturnValue:
        calls.count(request.user_agent.string, faults.fault.kind if faults.fault else "none")
        related = known.related_to(parse_id(product_id))
        return faults.answer([product.model_dump() for product in related])

    @app.get("/faults")
    def get_fault() -> ResponseReturnValue:
        return {"fault": faults.fault and faults.fault.model_dump()}

    @app.put("/faults")
    def put_fault() -> ResponseReturnValue:
        try:
            faults.fault = FAULT.validate_json(request.get_data())
        except ValidationError as error:
            problem = first_problem(error)
            raise ApiError(400, "not a fault", field=problem.field, reason=problem.message) from None
        return get_fault()

    @app.delete("/faults")
    def delete_fault() -> ResponseReturnValue:
        faults.fault = None
        return get_fault()

    return app
