"""Faults that can be injected into the running service.

Each kind has a model of its own, so that an error names the field. `rate` is the share of calls that the fault hits.
"""

import json
import random
import time
from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal

from flask import Response
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from shopkit.errors import ApiError

Seconds = Annotated[float, Field(gt=0, le=300)]


class _Fault(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    rate: float = Field(1.0, gt=0, le=1)


class Hang(_Fault):
    """No answer for `delay_s` seconds, then status 408, like a stuck database query."""

    kind: Literal["hang"] = "hang"
    delay_s: Seconds = 30.0


class Slow(_Fault):
    """The right answer, `delay_s` seconds late."""

    kind: Literal["slow"] = "slow"
    delay_s: Seconds = 1.0


class Error(_Fault):
    """An error status at once."""

    kind: Literal["error"] = "error"
    status: int = Field(500, ge=400, le=599)


class Malformed(_Fault):
    """Status 200 and a body that is not JSON."""

    kind: Literal["malformed"] = "malformed"


class Drip(_Fault):
    """The right answer, one byte every `interval_s` seconds, so that no single read times out."""

    kind: Literal["drip"] = "drip"
    interval_s: Seconds = 1.0


# A new kind must also be named in report/verdict.py and in control-room's static/levers.js and static/index.html.
Fault = Annotated[Hang | Slow | Error | Malformed | Drip, Field(discriminator="kind")]
FAULT: TypeAdapter[Fault] = TypeAdapter(Fault)


class FaultInjector:
    """Holds the current fault and applies it to answers.

    Removing a fault does not release the calls that it has already hit, as in a real incident.
    """

    def __init__(
        self,
        fault: Fault | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        rng: Callable[[], float] = random.random,
    ) -> None:
        self.fault = fault
        self._sleep = sleep
        self._rng = rng

    def answer(self, products: list[dict[str, Any]]) -> list[dict[str, Any]] | Response:
        """Return `products`, or the faulty response.

        Raises:
            ApiError: with the status of the fault.
        """
        fault = self.fault
        if fault is None or self._rng() >= fault.rate:
            return products
        match fault:
            case Hang(delay_s=delay_s):
                self._sleep(delay_s)
                raise ApiError(408, "Service timeout")
            case Slow(delay_s=delay_s):
                self._sleep(delay_s)
                return products
            case Error(status=status):
                raise ApiError(status, "injected fault")
            case Malformed():
                return Response("<html>surely not JSON", content_type="application/json")
            case Drip(interval_s=interval_s):
                return Response(self._drip(json.dumps(products), interval_s), content_type="application/json")

    def _drip(self, body: str, interval_s: float) -> Iterator[str]:
        for character in body:
            self._sleep(interval_s)
            yield character
