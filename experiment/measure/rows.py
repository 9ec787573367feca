"""The requests of the load's logs, on the clock of the run."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import overload

from experiment.plan import Open
from experiment.results.requests_file import RequestRow
from experiment.run.runner import Recording
from experiment.run.timeline import Clock, Story
from experiment.services import Service
from load.outcomes import Outcome
from load.requests_table import Request, Requests

RowOf = Callable[[Request], RequestRow]


class Rows(Sequence[RequestRow]):
    """Rows that are made each time they are asked for: those of an hour would take 200 MB."""

    def __init__(self, *parts: tuple[Requests, RowOf]) -> None:
        self.parts = parts

    def __len__(self) -> int:
        return sum(len(requests) for requests, _ in self.parts)

    def __iter__(self) -> Iterator[RequestRow]:
        for requests, row_of in self.parts:
            yield from map(row_of, requests.values())

    @overload
    def __getitem__(self, place: int) -> RequestRow: ...
    @overload
    def __getitem__(self, place: slice) -> list[RequestRow]: ...
    def __getitem__(self, place: int | slice) -> RequestRow | list[RequestRow]:
        return list(self)[place]


def requests_of(recording: Recording) -> dict[Service, Rows]:
    """Return the requests of each gateway."""
    is_open = isinstance(recording.plan.load, Open)
    return {
        gateway: Rows(
            (
                log.requests,
                partial(_row, gateway=gateway.name, clock=recording.clock, story=recording.story, open_load=is_open),
            )
        )
        for gateway, log in recording.logs.items()
    }


def joined(rows: Mapping[Service, Rows]) -> Rows:
    """Return the requests of all gateways."""
    return Rows(*(part for of_gateway in rows.values() for part in of_gateway.parts))


def rows_of(
    requests: Iterable[Request], gateway: str, clock: Clock, story: Story, *, open_load: bool
) -> list[RequestRow]:
    """Return the requests; in an open load a request's latency counts from its scheduled start."""
    return [_row(request, gateway=gateway, clock=clock, story=story, open_load=open_load) for request in requests]


def _row(request: Request, *, gateway: str, clock: Clock, story: Story, open_load: bool) -> RequestRow:
    begins_at = request.intended_at if open_load or request.started_at is None else request.started_at
    ended = request.ended_at if request.outcome not in (Outcome.UNANSWERED, Outcome.UNSENT) else None
    return RequestRow(
        request_id=f"load-{request.number}",
        gateway=gateway,
        route=request.route,
        phase=story.phase_of(clock.of(begins_at)),
        intended_s=round(clock.of(request.intended_at), 6),
        started_s=None if request.started_at is None else round(clock.of(request.started_at), 6),
        ended_s=None if ended is None else round(clock.of(ended), 6),
        status=request.status,
        outcome=request.outcome,
        latency_ms=None if ended is None else round((ended - begins_at) * 1000, 3),
    )
