"""One address, asked again and again, and what is known of it meanwhile."""

from typing import Any

import pytest
import requests

from control_room.poller import UNANSWERED_AFTER_S, Link, Poller
from unit.control_room.conftest import Clock


class Session:
    """Stands for `requests.Session`: answers, raises, or looks at the poller while the question is under way."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.outcome: Any = 200
        self.asked = 0

    def get(self, _url: str, **_: object) -> requests.Response:
        """Do what the test wants of the next question."""
        self.asked += 1
        if isinstance(self.outcome, Exception):
            raise self.outcome
        answer = requests.Response()
        answer.status_code = self.outcome if isinstance(self.outcome, int) else self.outcome()
        return answer


def poller_with(clock: Clock) -> tuple[Poller, Session]:
    """Return a poller with its session replaced."""
    poller = Poller("http://gateway", lambda _: None, every_s=1.0, clock=clock)
    session = Session(clock)
    poller._session = session  # type: ignore[assignment]
    return poller, session


def test_answering_tells_when(clock: Clock) -> None:
    """After an answer it is known how long ago it came."""
    poller, _ = poller_with(clock)
    assert poller.contact().link is Link.CONNECTING
    poller.ask()
    clock.now += 0.4
    contact = poller.contact()
    assert (contact.link, contact.problem) == (Link.ANSWERING, "")
    assert contact.heard_s_ago == pytest.approx(0.4)


def test_question_that_waits_is_shown_while_it_waits(clock: Clock) -> None:
    """A stuck gateway is silent after UNANSWERED_AFTER_S, last heard when it was; it is not asked a second time."""
    poller, session = poller_with(clock)
    poller.ask()

    def look_meanwhile() -> int:
        clock.now += UNANSWERED_AFTER_S - 0.1
        assert poller.contact().link is Link.ANSWERING
        clock.now += 12
        contact = poller.contact()
        assert contact.link is Link.SILENT
        assert contact.heard_s_ago == pytest.approx(UNANSWERED_AFTER_S + 11.9)
        return 200

    session.outcome = look_meanwhile
    poller.ask()
    assert session.asked == 2
    assert poller.contact().link is Link.ANSWERING


@pytest.mark.parametrize(
    ("outcome", "link", "problem"),
    [
        (requests.ConnectionError(), Link.DOWN, "it takes no connection"),
        (requests.ConnectTimeout(), Link.DOWN, "it takes no connection"),
        (requests.ReadTimeout(), Link.SILENT, "no answer in 120 s"),
        (503, Link.DOWN, "it answers 503"),
    ],
)
def test_trouble_is_named(clock: Clock, outcome: object, link: Link, problem: str) -> None:
    """A gateway that is gone is down; one that keeps us waiting is silent; an answer ends either."""
    poller, session = poller_with(clock)
    poller.ask()
    session.outcome = outcome
    poller.ask()
    clock.now += 3
    assert (poller.contact().link, poller.contact().problem) == (link, problem)
    assert poller.contact().heard_s_ago == pytest.approx(3)
    session.outcome = 200
    poller.ask()
    assert poller.contact().link is Link.ANSWERING


def test_answer_that_makes_no_sense_is_no_answer(clock: Clock) -> None:
    """What `take` can't read is shown as such."""

    def take(_: requests.Response) -> None:
        raise KeyError("state")

    poller = Poller("http://gateway", take, every_s=1.0, clock=clock)
    poller._session = Session(clock)  # type: ignore[assignment]
    poller.ask()
    assert poller.contact().link is Link.DOWN
    assert "agreed format" in poller.contact().problem
