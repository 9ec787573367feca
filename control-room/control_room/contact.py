"""How it stands with an address that is polled."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import requests

from shopkit.direct import direct_session
from shopkit.poller import PATIENCE_S, Poller

UNANSWERED_AFTER_S = 1.0  # a question that is older counts as not answered
CONNECT_WITHIN_S = 3.0


class Link(StrEnum):
    """How it stands with an address."""

    CONNECTING = "connecting"  # asked for the first time just now
    ANSWERING = "answering"
    SILENT = "silent"  # connected, and no answer for UNANSWERED_AFTER_S
    DOWN = "down"  # no connection, or an answer that is none


@dataclass(frozen=True, slots=True)
class Contact:
    """How it stands, since when nothing was heard, and the reason."""

    link: Link
    heard_s_ago: float | None  # None: never
    problem: str


def poller_of(
    url: str,
    take: Callable[[requests.Response], None],
    *,
    every_s: float,
    clock: Callable[[], float] = time.monotonic,
) -> Poller[None]:
    """Return a poller that hands each answer of `url` to `take`, which may raise if it can't read it."""
    session = direct_session()

    def ask() -> None:
        answer = session.get(url, timeout=(CONNECT_WITHIN_S, PATIENCE_S), allow_redirects=False)
        answer.raise_for_status()
        take(answer)

    return Poller(ask, every_s=every_s, keep=0, clock=clock)


def contact_of(poller: Poller[None], now: float) -> Contact:
    """Return how it stands with the address of a poller; `now` is on the poller's clock."""
    heard_at, waiting_since = poller.succeeded_at, poller.waiting_since
    heard_s_ago = None if heard_at is None else now - heard_at
    link, problem = _judge(poller.error)
    if link is Link.ANSWERING and waiting_since is not None and now - waiting_since > UNANSWERED_AFTER_S:
        link, problem = Link.SILENT, "the question waits for its answer"
    elif link is Link.ANSWERING and heard_at is None:
        link = Link.CONNECTING
    return Contact(link, heard_s_ago, problem)


def _judge(error: Exception | None) -> tuple[Link, str]:
    """Return what the outcome of the last look says."""
    match error:
        case None:
            return Link.ANSWERING, ""
        case requests.ReadTimeout():
            return Link.SILENT, f"no answer in {PATIENCE_S:.0f} s"
        case requests.HTTPError():
            return Link.DOWN, f"it answers {error.response.status_code}"
        case requests.ConnectionError():
            return Link.DOWN, "it takes no connection"
        case _:
            return Link.DOWN, "it answers something that is not the agreed format"
