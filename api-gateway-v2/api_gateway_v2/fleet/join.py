"""The switch of the fleet: off, this file is all that there is of it."""

import secrets
import socket
from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import Flask

from api_gateway_v2.fleet.evidence import LONGEST_NAME
from api_gateway_v2.fleet.fleet import Fleet
from api_gateway_v2.fleet.fleet_metrics import FleetMetrics
from api_gateway_v2.fleet.member import Member
from api_gateway_v2.fleet.shared_circuit import SharedCircuit
from api_gateway_v2.guard import Guard
from shopkit.errors import StartError


def join_fleet(app: Flask, guards: Sequence[Guard[Any]], url: str) -> Member | None:
    """Let the circuits of `guards` share what they see, if there is a Redis to share it by.

    Raises:
        StartError: the package for it is not installed.
    """
    if not url:
        return None
    try:
        from api_gateway_v2.fleet.redis_channel import RedisChannel  # noqa: PLC0415 - not installed where it is off
    except ModuleNotFoundError:
        raise StartError(
            "CIRCUIT_SHARE_URL is set, but the package for Redis is missing: "
            "install requirements/fleet.txt, or build the image again (docs/the-fleet.md)"
        ) from None
    circuits = [SharedCircuit(guard.breaker, deadline_s=guard.deadline_s) for guard in guards]
    for circuit in circuits:
        circuit.breaker.add_listener(circuit)
    member = Member(Fleet(circuits), partial(RedisChannel, url), _new_name)
    FleetMetrics(app.extensions["metrics"], member)
    app.before_request(member.start)
    return member


def _new_name() -> str:
    """Return a name that no other replica has, not even this one before its last restart."""
    ending = f"-{secrets.token_hex(4)}"
    return socket.gethostname()[: LONGEST_NAME - len(ending)] + ending
