"""The faults: what is accepted as one, which calls it hits, and what becomes of them."""

import json
from typing import Any

import pytest
from flask import Response
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from recommendations_service.faults import FAULT, Drip, Error, FaultInjector, Hang, Malformed, Slow
from shopkit.errors import ApiError

PRODUCTS = [{"id": 2}]
LIMITS = {
    ("hang", "delay_s"): lambda x: 0 < x <= 300,
    ("slow", "delay_s"): lambda x: 0 < x <= 300,
    ("drip", "interval_s"): lambda x: 0 < x <= 300,
    ("malformed", "rate"): lambda x: 0 < x <= 1,
    ("error", "status"): lambda x: 400 <= x <= 599 and x == int(x),
}


def test_fills_in_defaults() -> None:
    """A kind alone is a fault that hits every call, with the defaults of its kind."""
    faults = [FAULT.validate_python({"kind": kind}) for kind in ("hang", "slow", "error", "malformed", "drip")]

    assert [fault.model_dump() for fault in faults] == [
        {"kind": "hang", "rate": 1.0, "delay_s": 30.0},
        {"kind": "slow", "rate": 1.0, "delay_s": 1.0},
        {"kind": "error", "rate": 1.0, "status": 500},
        {"kind": "malformed", "rate": 1.0},
        {"kind": "drip", "rate": 1.0, "interval_s": 1.0},
    ]


@given(st.sampled_from(list(LIMITS)), st.floats() | st.integers(-1, 700) | st.sampled_from([0, 1, 300, 301, 599, 600]))
def test_accepts_numbers_within_their_limits(field: tuple[str, str], number: float) -> None:
    """A fault's number is accepted within its limits and refused outside them, and infinity and NaN are refused."""
    kind, name = field

    try:
        FAULT.validate_json(json.dumps({"kind": kind, name: number}))
        accepted = True
    except ValidationError:
        accepted = False

    assert accepted is (abs(number) != float("inf") and number == number and LIMITS[field](number))  # noqa: PLR0124 - NaN


@given(
    st.sampled_from([Hang, Slow, Error, Malformed, Drip]),
    st.floats(0, 1, exclude_min=True),
    st.floats(0, 1, exclude_max=True),
)
def test_hits_its_share_of_calls(kind: type[Any], rate: float, roll: float) -> None:
    """A call is hit when the random number is below the fault's rate; any other gets its answer without a wait."""
    waits: list[float] = []
    faults = FaultInjector(kind(rate=rate), sleep=waits.append, rng=lambda: roll)

    try:
        answer: list[dict[str, Any]] | Response | None = faults.answer(PRODUCTS)
    except ApiError:
        answer = None

    spared = answer is PRODUCTS and not waits
    assert spared is (roll >= rate)


def test_removed_fault_keeps_its_calls() -> None:
    """A call that hangs fails although the fault is removed meanwhile, and the next call succeeds."""

    def remove(_seconds: float) -> None:
        faults.fault = None

    faults = FaultInjector(Hang(), sleep=remove)

    with pytest.raises(ApiError, match="Service timeout"):
        faults.answer(PRODUCTS)
    assert faults.answer(PRODUCTS) is PRODUCTS
