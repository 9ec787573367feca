"""The levers: faults, load, the circuit. Each is one call to a service; the page shows the curl line of it."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Literal, TypeVar

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from control_room.outgoing import ask
from control_room.room import Room
from control_room.settings import Settings
from shopkit.errors import ApiError, BadAnswer, DependencyError
from shopkit.validation import first_problem

MAX_USERS = 200  # for each gateway: enough to kill v1, little enough for a laptop
SPAWN_RATE = 20  # users that come in a second

Order = TypeVar("Order", bound=BaseModel)


class LoadOrder(BaseModel):
    """How many users a gateway should have."""

    model_config = ConfigDict(extra="forbid")

    gateway: Literal["v1", "v2", "both"]
    users: int = Field(ge=0, le=MAX_USERS, strict=True)


class CircuitOrder(BaseModel):
    """Who should decide the state of the circuit of the recommendations, and how."""

    model_config = ConfigDict(extra="forbid")

    mode: Literal["open", "closed", "automatic"]


def control_routes(room: Room, settings: Settings) -> Blueprint:
    """Return the routes that change something."""
    routes = Blueprint("controls", __name__)
    dependencies = {"recommendations": settings.recommendations_urls, "product": [settings.product_service_url]}
    locusts = {"v1": settings.load_v1_url, "v2": settings.load_v2_url}
    operator = {"Authorization": f"Bearer {settings.operator_token.get_secret_value()}"}

    @routes.post("/api/fault/<any(recommendations, product):name>")
    def fault(name: str) -> ResponseReturnValue:
        """Put a fault in; the service itself says what is one."""
        body = request.get_data()
        answers = [ask(f"{name}-service", "PUT", f"{url}/faults", data=body) for url in dependencies[name]]
        return _done(room, answers[0])

    @routes.post("/api/heal")
    def heal() -> ResponseReturnValue:
        """Take the faults of both services out."""
        _heal_all(dependencies)
        return _done(room, {"fault": None})

    @routes.post("/api/load")
    def load() -> ResponseReturnValue:
        order = _order(LoadOrder)
        wanted = locusts if order.gateway == "both" else {order.gateway: locusts[order.gateway]}
        for gateway, url in wanted.items():
            _set_users(gateway, url, order.users)
            room.loads[gateway].asked_for(order.users)
        return _done(room, {"users": order.users})

    @routes.post("/api/circuit")
    def circuit() -> ResponseReturnValue:
        order = _order(CircuitOrder)
        if not settings.operator_token.get_secret_value():
            raise ApiError(HTTPStatus.CONFLICT, "the circuit cannot be forced: OPERATOR_TOKEN is not set")
        url = f"{settings.api_gateway_v2_url}/circuit-control"
        return _done(room, ask("api-gateway-v2", "PUT", url, json=order.model_dump(), headers=operator))

    return routes


def _heal_all(dependencies: Mapping[str, Sequence[str]]) -> None:
    """Heal each service; raise the first failure when all have been asked."""
    failed: list[DependencyError] = []
    for name, url in ((name, url) for name, urls in dependencies.items() for url in urls):
        try:
            ask(f"{name}-service", "DELETE", f"{url}/faults")
        except DependencyError as error:
            failed.append(error)
    if failed:
        raise failed[0]


def _set_users(gateway: str, url: str, users: int) -> None:
    name = f"load-{gateway}"
    if users == 0:
        ask(name, "POST", f"{url}/stop")
        return
    answer: Any = ask(name, "POST", f"{url}/swarm", data={"user_count": users, "spawn_rate": SPAWN_RATE})
    match answer:
        case {"success": True}:
            return
        case {"message": message}:
            raise BadAnswer(name, f"refuses: {message}")
    raise BadAnswer(name, "answers something that is not the agreed format")


def _done(room: Room, answer: object) -> ResponseReturnValue:
    room.hurry()
    return {"done": True, "answer": answer}


def _order(model: type[Order]) -> Order:
    try:
        return model.model_validate_json(request.get_data())
    except ValidationError as error:
        problem = first_problem(error)
        raise ApiError(HTTPStatus.BAD_REQUEST, "not an order", field=problem.field, reason=problem.message) from None
