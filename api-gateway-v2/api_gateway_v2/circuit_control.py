"""PUT /circuit-control: an operator forces a circuit open or closed, or returns it to its rules."""

from collections.abc import Sequence
from typing import Literal

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, ValidationError

from api_gateway_v2.breaker import Breaker
from api_gateway_v2.transitions import Control
from shopkit.access import brings_token
from shopkit.errors import ApiError
from shopkit.validation import first_problem

MODES = {"open": Control.FORCED_OPEN, "closed": Control.FORCED_CLOSED, "automatic": Control.AUTOMATIC}


class CircuitOrder(BaseModel):
    """What an operator wants of a circuit."""

    model_config = ConfigDict(extra="forbid")

    mode: Literal["open", "closed", "automatic"]
    circuit: str = ""  # its name; that of the recommendations unless told otherwise


def circuit_control(breakers: Sequence[Breaker], token: str) -> Blueprint:
    """Return the route. An empty `token` disables it: the path then answers 404."""
    by_name = {"": breakers[0]} | {breaker.name: breaker for breaker in breakers}
    routes = Blueprint("circuit-control", __name__)
    if not token:
        return routes

    @routes.put("/circuit-control")
    def take_control() -> ResponseReturnValue:
        if not brings_token(token):
            raise ApiError(
                401,
                "wrong or missing operator token",
                headers={"WWW-Authenticate": "Bearer"},
                expected="Authorization: Bearer <OPERATOR_TOKEN>",
            )
        try:
            order = CircuitOrder.model_validate_json(request.get_data())
        except ValidationError as error:
            raise ApiError(400, "not an order", reason=first_problem(error).message) from None
        breaker = by_name.get(order.circuit)
        if breaker is None:
            raise ApiError(400, "no such circuit", allowed=[name for name in by_name if name])
        breaker.take_control(MODES[order.mode])
        circuit = breaker.snapshot()
        return {"state": circuit.state, "control": circuit.control}

    return routes
