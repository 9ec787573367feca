"""Settings that a command could only ignore."""

import pytest

from demo.overruled import check_none_overruled
from experiment.errors import UsageError

OURS = {"PRODUCT_SERVICE_URL": "http://127.0.0.1:8081", "LISTEN_HOST": "127.0.0.1"}


@pytest.mark.parametrize("given", [{}, {"LISTEN_HOST": ""}, {"PRODUCT_SERVICE_URL": "http://127.0.0.1:8081/"}])
def test_accepts_what_agrees(given: dict[str, str]) -> None:
    """A setting may be missing, empty, or what the command sets it to."""
    check_none_overruled(OURS, given)


@pytest.mark.parametrize(("name", "value"), [("PRODUCT_SERVICE_URL", "http://far:1"), ("LISTEN_HOST", "0.0.0.0")])  # noqa: S104 - refused
def test_refuses_what_would_have_no_effect(name: str, value: str) -> None:
    """Name, value, and what the command sets it to are in the message."""
    with pytest.raises(UsageError, match=f"{name}='{value}' would have no effect: .* {OURS[name]}; unset it"):
        check_none_overruled(OURS, {name: value})
