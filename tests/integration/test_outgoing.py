"""What the control room makes of a service's answer to a lever."""

import pytest

from control_room.outgoing import ask
from integration.scripted_server import Serve, answering
from shopkit.errors import ApiError, BadAnswer


def test_rejection_keeps_its_status_and_its_reason(serve: Serve) -> None:
    """A service that rejects an order says why, and that is passed on with its status."""
    service = serve(answering(b'{"error": "not a fault"}', "400 Bad Request"))
    with pytest.raises(ApiError, match="depot refuses") as rejected:
        ask("depot", "PUT", service.url)
    assert (rejected.value.status, rejected.value.details) == (400, {"answer": {"error": "not a fault"}})


@pytest.mark.parametrize(
    ("body", "status"),
    [(b'{"error": "the service has stopped"}', "503 Service Unavailable"), (b"<html>", "200 OK")],
)
def test_broken_service_is_a_bad_answer(serve: Serve, body: bytes, status: str) -> None:
    """An error of the service's own is no status of this one: it is a bad answer, as no JSON is."""
    service = serve(answering(body, status))
    with pytest.raises(BadAnswer, match=f"depot answered {status[:3]}"):
        ask("depot", "PUT", service.url)
