"""What each kind of fault makes of an answer."""

import time
from collections.abc import Callable, Iterator
from functools import partial

from flask import Response, redirect, request

from shopkit import time_left
from shopkit.errors import ApiError, problem_answer, retry_after
from shopkit.faults import wire
from shopkit.faults.injector import FaultInjector, Injected
from shopkit.faults.vocabulary import (
    Capacity,
    Cut,
    Drip,
    Error,
    EveryNth,
    Fault,
    Flapping,
    Hang,
    LongTail,
    Malformed,
    Redirect,
    Refuse,
    Reset,
    Slow,
)

LONGEST_S = 300.0  # of a wait that grows
HUGE_BYTES = 32 * 1024 * 1024  # more than any caller should read
BODIES = {"not-json": b"<html>surely not JSON", "wrong-shape": b'{"surprise": true}', "empty": b""}


class NotWorkedOn(ApiError):
    """The service answers a call without having done its work."""


class Effects:
    """Does to a call what the fault says."""

    def __init__(self, faults: FaultInjector, sleep: Callable[[float], None] = time.sleep) -> None:
        """The effects wait with `sleep`."""
        self._faults = faults
        self._sleep = sleep

    def on(self, answer: Response, hit: Injected) -> Response:
        """Wait as the fault says; return what becomes of an answer.

        Raises:
            ApiError: the fault is a hang.
            NotWorkedOn: the queue for a slot is full, or the turn comes after the caller's deadline.
        """
        match hit.fault:
            case Hang(delay_s=delay_s):
                self._sleep(delay_s)
                raise ApiError(408, "Service timeout")
            case Slow() | LongTail():
                self._sleep(self._delay_s(hit))
            case Capacity():
                self._take_turn(hit, hit.fault)
        return self._instead_of(answer, hit.fault)

    def _instead_of(self, answer: Response, fault: Fault) -> Response:  # noqa: PLR0911 - one for each kind
        match fault:
            case Error(status=status, retry_after_s=retry_after_s):
                return _error(status, retry_after_s)
            case Flapping(status=status) | EveryNth(status=status):
                return _error(status)
            case Malformed(body=body):
                return _json(_huge() if body == "huge" else BODIES[body])
            case Redirect():
                return _redirect()
            case Reset() | Refuse():
                return wire.reset()
            case Cut():
                return wire.cut(answer)
            case Drip():
                return self._drip(answer, fault)
        return answer

    def _delay_s(self, hit: Injected) -> float:
        match hit.fault:
            case Slow(delay_s=delay_s, jitter_s=jitter_s, growth_s=growth_s):
                jittered_s = delay_s + jitter_s * (2 * self._faults.rng() - 1)
                return min(LONGEST_S, jittered_s + growth_s * (self._faults.clock() - hit.since))
            case LongTail(share=share, delay_s=delay_s):
                return delay_s if self._faults.rng() < share else 0.0
        return 0.0

    def _take_turn(self, hit: Injected, fault: Capacity) -> None:
        assert hit.slots  # noqa: S101 - a Capacity has them
        turn = hit.slots.take(time_left.time_left_s() if fault.obeys_deadline else None)
        if turn is None:
            headers = retry_after(fault.service_s)
            raise NotWorkedOn(503, "the queue is full", headers=headers, retry_after_s=fault.service_s)
        try:
            self._sleep(turn.ends_in_s)
        finally:
            hit.slots.leave(turn)
        if not turn.is_worked_on:
            raise NotWorkedOn(504, "the caller's deadline has passed")

    def _drip(self, answer: Response, fault: Drip) -> Response:
        pause = partial(self._sleep, fault.interval_s)
        return wire.drip_head(answer, pause) if fault.part == "head" else _json(_bytewise(answer.get_data(), pause))


def _bytewise(body: bytes, pause: Callable[[], None]) -> Iterator[bytes]:
    for byte in body:
        pause()
        yield bytes([byte])


def _error(status: int, retry_after_s: int | None = None) -> Response:
    answer = problem_answer(status, "injected fault")
    if retry_after_s is not None:
        answer.headers["Retry-After"] = str(retry_after_s)
    return answer


def _json(body: bytes | Iterator[bytes]) -> Response:
    return Response(body, content_type="application/json")


def _huge() -> Iterator[bytes]:
    """Yield valid JSON that is far too long."""
    part = b'"' + b"x" * 65533 + b'",'
    yield b"["
    for _ in range(HUGE_BYTES // len(part)):
        yield part
    yield b"0]"


def _redirect() -> Response:
    answer = redirect(request.full_path)
    assert isinstance(answer, Response)  # noqa: S101 - Flask's own, of Flask's class
    return answer
