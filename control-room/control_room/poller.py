"""One thread that asks one address again and again, and never has more than one question under way.

A gateway whose threads are all stuck answers this question no sooner than its users'. That is a finding, and is shown;
to give up and ask again would put a second question into its queue, behind the first. So the question waits, and only
what is shown of it changes.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import requests

UNANSWERED_AFTER_S = 1.0  # a question that is older counts as not answered
CONNECT_WITHIN_S = 3.0
PATIENCE_S = 120.0  # longer than the queue of a stuck gateway takes: 200 users, 64 threads, 30 s each


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


class Poller:
    """Asks `url` every `every_s` seconds and hands each answer to `take`."""

    def __init__(
        self,
        url: str,
        take: Callable[[requests.Response], None],
        *,
        every_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`take` may raise a ValueError or KeyError for an answer that it can't read; `clock` gives seconds."""
        self._url = url
        self._take = take
        self._every_s = every_s
        self._clock = clock
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy between two services
        self._sooner = threading.Event()
        self._asked_at: float | None = None
        self._heard_at: float | None = None
        self._problem = ""
        self._refused = False

    def start(self) -> None:
        """Ask from now on, on a thread of its own."""
        threading.Thread(target=self._run, name=f"poll {self._url}", daemon=True).start()

    def hurry(self) -> None:
        """Ask at once instead of when it is time: something was changed."""
        self._sooner.set()

    def contact(self) -> Contact:
        """Return how it stands now."""
        now = self._clock()
        heard_at, asked_at = self._heard_at, self._asked_at
        heard_s_ago = None if heard_at is None else now - heard_at
        overdue = asked_at is not None and now - asked_at > UNANSWERED_AFTER_S
        if self._refused:
            return Contact(Link.DOWN, heard_s_ago, self._problem)
        if overdue or self._problem:
            return Contact(Link.SILENT, heard_s_ago, self._problem or "the question waits for its answer")
        return Contact(Link.CONNECTING if heard_at is None else Link.ANSWERING, heard_s_ago, "")

    def ask(self) -> None:
        """Ask once, and wait for the answer."""
        self._asked_at = self._clock()
        try:
            answer = self._session.get(self._url, timeout=(CONNECT_WITHIN_S, PATIENCE_S), allow_redirects=False)
            answer.raise_for_status()
            self._take(answer)
        except requests.ReadTimeout:
            self._fail(f"no answer in {PATIENCE_S:.0f} s", refused=False)
        except requests.HTTPError as error:
            self._fail(f"it answers {error.response.status_code}", refused=True)
        except requests.RequestException:
            self._fail("it takes no connection", refused=True)
        except (ValueError, KeyError):
            self._fail("it answers something that is not the agreed format", refused=True)
        else:
            self._heard_at = self._clock()
            self._fail("", refused=False)
        self._asked_at = None

    def _fail(self, problem: str, *, refused: bool) -> None:
        self._problem, self._refused = problem, refused

    def _run(self) -> None:
        while True:
            self.ask()
            self._sooner.wait(self._every_s)
            self._sooner.clear()
