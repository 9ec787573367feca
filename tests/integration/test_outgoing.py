"""What the control room makes of a service's answer: bounded in size, time and depth, and from itself alone."""

import gzip

import pytest

from control_room import outgoing
from integration.scripted_server import Serve, answering, dripping
from shopkit import direct
from shopkit.direct import AnswerTooLarge, direct_session
from shopkit.errors import ApiError, BadAnswer, DeadlineExceeded

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"  # and a body of any length


def test_answer_that_is_too_large_is_given_up(monkeypatch: pytest.MonkeyPatch, serve: Serve) -> None:
    """An answer of more than the limit is no answer, and one of just the limit is."""
    monkeypatch.setattr(direct, "ANSWER_MAX_BYTES", 1_000)
    assert outgoing.ask("shop", "GET", serve(answering(b"[" + b" " * 998 + b"]")).url) == []
    with pytest.raises(BadAnswer):
        outgoing.ask("shop", "GET", serve(answering(b"[" + b" " * 999 + b"]")).url)


def test_answer_that_unpacks_to_more_is_given_up(monkeypatch: pytest.MonkeyPatch, serve: Serve) -> None:
    """A compressed answer that nobody asked for counts with its real size."""
    monkeypatch.setattr(direct, "ANSWER_MAX_BYTES", 1_000)
    server = serve(answering(gzip.compress(b" " * 9_000_000), "200 OK", "Content-Encoding: gzip"))
    with direct_session() as session, pytest.raises(AnswerTooLarge):
        session.get(server.url, timeout=10)
    assert "Accept-Encoding: identity" in server.requests[0]


def test_dripping_answer_has_a_deadline(monkeypatch: pytest.MonkeyPatch, serve: Serve) -> None:
    """An answer of which each byte comes in time, and the end does not, is given up after the whole time."""
    monkeypatch.setattr(outgoing, "ANSWERS_WITHIN_S", 0.3)
    with pytest.raises(DeadlineExceeded):
        outgoing.ask("shop", "PUT", serve(dripping(HEAD, b" " * 2_000)).url)


def test_deep_answer_is_none(serve: Serve) -> None:
    """JSON that is nested too deep is no JSON."""
    with pytest.raises(BadAnswer):
        outgoing.ask("shop", "GET", serve(answering(b"[" * 100_000)).url)


def test_redirect_leads_nowhere(serve: Serve) -> None:
    """A redirect to another host is an answer, and the other host is not asked, by whatever method."""
    other = serve(answering(b"[]"))
    for status in ("302 Found", "307 Temporary Redirect"):
        server = serve(answering(b"{}", status, f"Location: {other.url}/"))
        outgoing.send("shop", "DELETE", server.url, timeout_s=10)
        with direct_session() as session:
            assert session.get(server.url, timeout=10).is_redirect
    assert other.requests == []


def test_rejection_keeps_its_status_and_its_reason(serve: Serve) -> None:
    """A service that rejects an order says why, and that is passed on with its status."""
    service = serve(answering(b'{"error": "not a fault"}', "400 Bad Request"))
    with pytest.raises(ApiError, match="depot refuses") as rejected:
        outgoing.ask("depot", "PUT", service.url)
    assert (rejected.value.status, rejected.value.details) == (400, {"answer": {"error": "not a fault"}})


@pytest.mark.parametrize(
    ("body", "status"),
    [(b'{"error": "the service has stopped"}', "503 Service Unavailable"), (b"<html>", "200 OK")],
)
def test_broken_service_is_a_bad_answer(serve: Serve, body: bytes, status: str) -> None:
    """An error of the service's own is no status of this one: it is a bad answer, as no JSON is."""
    service = serve(answering(body, status))
    with pytest.raises(BadAnswer, match=f"depot answered {status[:3]}"):
        outgoing.ask("depot", "PUT", service.url)
