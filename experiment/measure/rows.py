"""The requests of the load's logs, on the clock of the run."""

from collections.abc import Iterable

from experiment.plan import Open
from experiment.results.requests_file import RequestRow
from experiment.run.runner import Recording
from experiment.run.timeline import Clock, Story
from experiment.services import Service
from load.outcomes import Outcome
from load.request_log import Request


def requests_of(recording: Recording) -> dict[Service, list[RequestRow]]:
    """Return the requests of each gateway."""
    is_open = isinstance(recording.plan.load, Open)
    return {
        gateway: rows_of(log.requests.values(), gateway.name, recording.clock, recording.story, open_load=is_open)
        for gateway, log in recording.logs.items()
    }


def rows_of(
    requests: Iterable[Request], gateway: str, clock: Clock, story: Story, *, open_load: bool
) -> list[RequestRow]:
    """Return the requests; in an open load a request's latency counts from its scheduled start."""

    def row(request: Request) -> RequestRow:
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

    return [row(request) for request in requests]
