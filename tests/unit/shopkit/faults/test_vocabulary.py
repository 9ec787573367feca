"""What is accepted as a fault, as JSON and in one word."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shopkit.faults.spec import KINDS, BadSpec, parse, spec_of
from shopkit.faults.vocabulary import ANY_FAULT, FAULT, GROUPS, Error, Hang, Refuse, Slow, shown

LIMITS = {
    ("hang", "delay_s"): lambda x: 0 < x <= 300,
    ("slow", "growth_s"): lambda x: 0 <= x <= 300,
    ("long-tail", "share"): lambda x: 0 < x <= 1,
    ("drip", "interval_s"): lambda x: 0 < x <= 300,
    ("malformed", "rate"): lambda x: 0 < x <= 1,
    ("error", "status"): lambda x: 400 <= x <= 599 and x == int(x),
    ("cut", "for_calls"): lambda x: x >= 1 and x == int(x),
}


def test_fills_in_defaults() -> None:
    """A kind alone is a fault that hits every call, with the defaults of its kind."""
    faults = [FAULT.validate_python({"kind": kind}) for kind in ("hang", "error", "malformed", "drip", "refuse")]

    assert [shown(fault) for fault in faults] == [
        {"kind": "hang", "rate": 1.0, "delay_s": 30.0},
        {"kind": "error", "rate": 1.0, "status": 500},
        {"kind": "malformed", "rate": 1.0, "body": "not-json"},
        {"kind": "drip", "rate": 1.0, "part": "body", "interval_s": 1.0},
        {"kind": "refuse", "rate": 1.0, "for_s": 10.0},
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

    assert accepted is (abs(number) <= 10**6 and LIMITS[field](number))


def test_jitter_is_never_early() -> None:
    """A jitter that could make the delay negative is refused with its name."""
    with pytest.raises(ValidationError, match="jitter_s should be at most delay_s"):
        Slow(delay_s=1, jitter_s=1.5)


@pytest.mark.parametrize(
    ("spec", "service", "fault"),
    [
        ("hang", "recommendations-service", Hang()),
        ("error,status=503,rate=0.5", "recommendations-service", Error(status=503, rate=0.5)),
        ("product:slow,delay_s=2", "product-service", Slow(delay_s=2)),
        ("refuse,for_s=10", "recommendations-service", Refuse(for_s=10)),
    ],
)
def test_parses_what_the_command_line_takes(spec: str, service: str, fault: object) -> None:
    """A specification names a service, a kind and its parameters, and can be written again from what it means."""
    assert parse(spec) == (service, fault)
    assert parse(spec_of(*parse(spec))) == parse(spec)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_in_a_group_and_has_a_spec(kind: str) -> None:
    """Every kind of a group is accepted alone, and is its own shortest specification."""
    _, fault = parse(kind)

    assert spec_of("recommendations-service", fault) == kind
    assert ANY_FAULT.validate_python(shown(fault)) == fault
    assert sum(len(models) for models in GROUPS.values()) == len(KINDS)


@pytest.mark.parametrize(
    ("spec", "problem"),
    [
        ("", "no fault ''; there are: hang, slow"),
        ("earthquake", "no fault 'earthquake'; there are: hang, slow"),
        ("shop:hang", "no service 'shop'; there are: recommendations, product"),
        ("hang,5", "'5' should look like name=value"),
        ("hang,delay_s=1,delay_s=2", "each name at most once"),
        ("hang,delay_s=-1", "delay_s: Input should be greater than 0"),
        ("hang,status=500", "status: Extra inputs are not permitted; hang has: rate, product_id, for_s, for_calls, de"),
        ("stop,for_s=5", "it lasts until it is healed: leave out for_s"),
        ("kill,rate=0.5", "it hits every call: leave out rate, product_id and for_calls"),
        ("slow,delay_s=1,jitter_s=2", "jitter_s should be at most delay_s"),
    ],
)
def test_bad_spec_says_what_is_allowed(spec: str, problem: str) -> None:
    """A specification that means nothing is refused in one line, with what is allowed."""
    with pytest.raises(BadSpec) as refused:
        parse(spec)

    assert problem in str(refused.value)
    assert "\n" not in str(refused.value)
