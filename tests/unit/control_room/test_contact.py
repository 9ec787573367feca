"""How it stands with an address that is polled."""

from typing import Any

import pytest
import requests

from control_room import contact
from control_room.contact import UNANSWERED_AFTER_S, Contact, Link, contact_of, poller_of
from unit.control_room.conftest import Answer, Clock

URL = "http://gateway"
WRONG_FORMAT = "it answers something that is not the agreed format"


class Source:
    """Stands for a `requests.Session`: it raises, or gives an answer, whatever the address."""

    def __init__(self) -> None:
        self.outcome: Any = 200

    def get(self, _url: str, **_: object) -> requests.Response:
        """Do what the test wants of the next question."""
        if isinstance(self.outcome, Exception):
            raise self.outcome
        if callable(self.outcome):
            self.outcome()
        answer = requests.Response()
        answer.status_code = self.outcome if isinstance(self.outcome, int) else 200
        return answer


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> Source:
    """Return what stands at the polled address."""
    made = Source()
    monkeypatch.setattr(contact, "direct_session", lambda: made)
    return made


def test_answer_tells_when_it_came(clock: Clock, source: Source) -> None:
    """A source is connecting before its first answer, then answering, with the age of the answer."""
    assert source.outcome == 200
    poller = poller_of(URL, lambda _: None, every_s=1.0, clock=clock)
    assert contact_of(poller, clock()) == Contact(Link.CONNECTING, None, "")
    poller.look()
    assert contact_of(poller, clock() + 0.5) == Contact(Link.ANSWERING, 0.5, "")


def test_question_that_waits_is_silent(clock: Clock, source: Source) -> None:
    """A question that has waited for longer than UNANSWERED_AFTER_S makes the source silent until its answer comes."""
    poller = poller_of(URL, lambda _: None, every_s=1.0, clock=clock)
    poller.look()
    seen: list[Contact] = []

    def look_meanwhile() -> None:
        for wait_s in (UNANSWERED_AFTER_S - 0.1, 12):
            clock.now += wait_s
            seen.append(contact_of(poller, clock()))

    source.outcome = look_meanwhile
    poller.look()
    assert [shown.link for shown in seen] == [Link.ANSWERING, Link.SILENT]
    assert seen[1].heard_s_ago == pytest.approx(UNANSWERED_AFTER_S + 11.9)
    assert contact_of(poller, clock()).link is Link.ANSWERING


@pytest.mark.parametrize(
    ("outcome", "link", "problem"),
    [
        (requests.ConnectionError(), Link.DOWN, "it takes no connection"),
        (requests.ConnectTimeout(), Link.DOWN, "it takes no connection"),
        (requests.ReadTimeout(), Link.SILENT, "no answer in 120 s"),
        (503, Link.DOWN, "it answers 503"),
    ],
)
def test_trouble_is_named(clock: Clock, source: Source, outcome: object, link: Link, problem: str) -> None:
    """A source that is gone is down, one that keeps us waiting is silent, and an answer ends either."""
    poller = poller_of(URL, lambda _: None, every_s=1.0, clock=clock)
    poller.look()
    source.outcome = outcome
    poller.look()
    assert contact_of(poller, clock() + 3) == Contact(link, 3, problem)
    source.outcome = 200
    poller.look()
    assert contact_of(poller, clock()).link is Link.ANSWERING


@pytest.mark.parametrize("body", ["null", "<html>", "{}"])
def test_answer_in_another_format_is_no_answer(clock: Clock, source: Source, answer: Answer, body: str) -> None:
    """An answer that can't be read makes the source down, whatever reading it raises."""
    assert source.outcome == 200
    poller = poller_of(URL, lambda _: answer(body).json()["state"], every_s=1.0, clock=clock)
    poller.look()
    assert contact_of(poller, clock()) == Contact(Link.DOWN, None, WRONG_FORMAT)
