"""What a fault can show: which claims a run with it can make."""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus

from experiment.results.model import GuardSettings
from shopkit.faults.spec import parse
from shopkit.faults.vocabulary import (
    Cut,
    Drip,
    Error,
    Fault,
    Hang,
    Kill,
    Malformed,
    ProcessFault,
    Redirect,
    Refuse,
    Reset,
    Slow,
    Stop,
)

# the sick service does not see every call, forgets what it has counted, or makes a caller repeat a call
UNCOUNTED = (Kill, Stop, Refuse, Reset)
BODY_BYTES = 100  # fewer than any answer has: a drip takes at least so many pauses
NOT_WELL = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)  # although a 4xx


@dataclass(frozen=True, slots=True)
class Nature:
    """What the faults of a run do to a gateway."""

    spares_products: bool = True  # pages have what they cannot do without
    is_total: bool = False  # no call gets a good answer in time, as long as the fault lasts
    waits: bool = False  # calls stay unanswered for longer than a slow call may take
    breaks: bool = False  # calls fail at once, in a way that counts as a failure
    calls_are_counted: bool = True  # by the service that is sick

    @property
    def trips(self) -> bool:
        """Whether the circuit of recommendations must open soon after the fault begins, and stay open."""
        return self.is_total and (self.waits or self.breaks)


def nature_of(specs: Iterable[str], guard: GuardSettings, good_within_s: float) -> Nature:
    """Return what these faults do, with the guard's settings and the time within which an answer is good."""
    faults = dict(parse(spec) for spec in specs)
    fault = faults.get("recommendations-service")
    spares_products = "product-service" not in faults
    if fault is None:
        return Nature(spares_products)
    least_s = _least_wait_s(fault)
    breaks = _breaks(fault)
    everybody = fault.rate == 1 and fault.product_id is None and fault.for_calls is None
    lasts = "for_s" not in fault.model_fields_set
    return Nature(
        spares_products,
        is_total=everybody and lasts and (breaks or isinstance(fault, Error) or least_s > good_within_s),
        waits=least_s > guard.slow_call_s,
        breaks=breaks,
        calls_are_counted=not isinstance(fault, UNCOUNTED),
    )


def _least_wait_s(fault: Fault | ProcessFault) -> float:
    """Return how long a caller waits at least, if the fault hits."""
    match fault:
        case Hang(delay_s=delay_s):
            return delay_s
        case Slow(delay_s=delay_s, jitter_s=jitter_s):
            return delay_s - jitter_s
        case Drip(interval_s=interval_s):
            return BODY_BYTES * interval_s
        case Stop():
            return float("inf")
    return 0.0


def _breaks(fault: Fault | ProcessFault) -> bool:
    """Return whether the fault is a failure at once."""
    if isinstance(fault, Error):
        return fault.status >= HTTPStatus.INTERNAL_SERVER_ERROR or fault.status in NOT_WELL
    return isinstance(fault, Malformed | Redirect | Refuse | Reset | Cut | Kill)
