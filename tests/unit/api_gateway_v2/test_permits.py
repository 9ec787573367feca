"""How a call ended."""

from api_gateway_v2.permits import CallKind, kind_of
from shopkit.errors import RequestRejected, Unreachable


def test_kind_of_a_result() -> None:
    """A rejected request is neither success nor failure; every other error is a failure of the dependency."""
    assert kind_of(None) is CallKind.SUCCESSFUL
    assert kind_of(Unreachable("recommendations-service", "is away")) is CallKind.FAILED
    assert kind_of(RequestRejected(404, "no such product")) is CallKind.IGNORED
