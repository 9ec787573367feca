"""Many requests in little memory: 36 bytes each, so that an hour of load takes megabytes. Standard library only."""

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from math import isnan, nan

from load.outcomes import Outcome, Route

NUMBERS_OF_WORKER = 10**9  # more requests than one worker makes

_ROUTES = list(Route)
_OUTCOMES = list(Outcome)
_NO_STATUS = -1


@dataclass(slots=True)
class Request:
    """One request of the load; times as in the log."""

    number: int
    route: Route
    intended_at: float
    started_at: float | None
    ended_at: float | None = None
    status: int | None = None
    outcome: Outcome = Outcome.UNANSWERED

    @property
    def worker(self) -> int:
        """The worker that made it, from 0."""
        return worker_of(self.number)


def worker_of(number: int) -> int:
    """Return the worker, from 0, that made the request with this number."""
    return number // NUMBERS_OF_WORKER


class Requests(Mapping[int, Request]):
    """Requests by number. Those of each worker are added in the order of their numbers."""

    def __init__(self) -> None:
        self._workers: dict[int, _OfWorker] = {}

    def add(self, request: Request) -> Request:
        """Add a request, and return it."""
        return self._workers.setdefault(request.worker, _OfWorker()).add(request)

    def end(self, number: int, ended_at: float, status: int, outcome: Outcome) -> Request:
        """Note the end of a request, and return the request."""
        return self._workers[worker_of(number)].end(number, ended_at, status, outcome)

    def count_of(self, worker: int) -> int:
        """Return how many requests a worker has made."""
        return len(self._workers.get(worker, ()))

    def __getitem__(self, number: int) -> Request:
        return self._workers[worker_of(number)][number]

    def __iter__(self) -> Iterator[int]:
        return chain.from_iterable(self._workers.values())

    def __len__(self) -> int:
        return sum(map(len, self._workers.values()))


class _OfWorker(Mapping[int, Request]):
    """The requests of one worker, in the order of their numbers."""

    def __init__(self) -> None:
        self._numbers = array("q")
        self._routes = array("b")
        self._outcomes = array("b")
        self._statuses = array("h")
        self._intended, self._started, self._ended = array("d"), array("d"), array("d")  # nan: None

    def add(self, request: Request) -> Request:
        """Add a request, and return it."""
        self._numbers.append(request.number)
        self._routes.append(_ROUTES.index(request.route))
        self._outcomes.append(_OUTCOMES.index(request.outcome))
        self._statuses.append(_NO_STATUS if request.status is None else request.status)
        self._intended.append(request.intended_at)
        self._started.append(nan if request.started_at is None else request.started_at)
        self._ended.append(nan if request.ended_at is None else request.ended_at)
        return request

    def end(self, number: int, ended_at: float, status: int, outcome: Outcome) -> Request:
        """Note the end of a request, and return the request."""
        place = self._place(number)
        self._ended[place] = ended_at
        self._statuses[place] = status
        self._outcomes[place] = _OUTCOMES.index(outcome)
        return self[number]

    def __getitem__(self, number: int) -> Request:
        place = self._place(number)
        started_at, ended_at, status = self._started[place], self._ended[place], self._statuses[place]
        return Request(
            number,
            _ROUTES[self._routes[place]],
            self._intended[place],
            None if isnan(started_at) else started_at,
            None if isnan(ended_at) else ended_at,
            None if status == _NO_STATUS else status,
            _OUTCOMES[self._outcomes[place]],
        )

    def __iter__(self) -> Iterator[int]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)

    def _place(self, number: int) -> int:
        place = bisect_left(self._numbers, number)
        if place == len(self) or self._numbers[place] != number:
            raise KeyError(number)
        return place
