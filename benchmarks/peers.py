"""The circuit breakers compared, each used as its own documentation shows.

All are told the same: trip on FAIL_MAX consecutive failures, stay OPEN for a cooldown, let one success of a probe close
the circuit, and do not count rejected requests. interlock-cb counts a rate, not a row (3 of the last 3 calls is the
same thing), and has no setting for rejected requests.
"""

import asyncio
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import cache, partial
from typing import Any, ClassVar, TypeVar

import aiobreaker  # type: ignore[import-untyped]
import circuitbreaker  # type: ignore[import-untyped]
import interlock
import purgatory
import pybreaker
from purgatory.domain.model import OpenedState

from api_gateway_v2.background_guard import BackgroundGuard
from api_gateway_v2.breaker import Breaker
from api_gateway_v2.breaker_settings import BreakerSettings
from api_gateway_v2.bulkhead import Bulkhead, FixedLimit
from api_gateway_v2.probe_call import ProbeCall
from shopkit.errors import RequestRejected

FAIL_MAX = 3  # consecutive failures that trip
COOLDOWN_S = 10.0
MAX_CONCURRENT = 20  # the bulkhead's size, where there is one: as many as the threads that call
DEADLINE_S = 2.0
SLOW_CALL_S = 0.5
SETTINGS = BreakerSettings(fail_max=FAIL_MAX, slow_call_s=SLOW_CALL_S)

Answer = TypeVar("Answer")
Function = Callable[[], Answer]
NAME = "benchmark"


class Refused(Exception):
    """A call was short-circuited; raised for breakers that refuse without an exception."""


class Failure(Exception):
    """A call failed."""


class Peer(ABC):
    """One way of protecting calls. A new one has its circuit CLOSED."""

    name: ClassVar[str]
    package: ClassVar[str] = ""  # on the package index; empty for our own
    refused: ClassVar[tuple[type[Exception], ...]]  # what a refused call raises
    probes_by_itself: ClassVar[bool] = False  # True: its own thread makes the probe, and callers never do
    ages_while_open: ClassVar[bool] = False  # True: every refusal leaves something behind, and the next costs more

    @abstractmethod
    def __init__(self, cooldown_s: float = COOLDOWN_S) -> None:
        """`cooldown_s` seconds pass before a probe."""

    @abstractmethod
    def guarded(self, function: Function[Answer]) -> Function[Answer]:
        """Return `function`, protected: it raises one of `refused`, or what `function` raises."""

    def call(self, function: Function[Answer]) -> Answer:
        """Make one protected call."""
        return self.guarded(function)()

    def probe(self, function: Function[Answer]) -> Answer:
        """Make the call that decides, after the cooldown, whether the circuit may close."""
        return self.call(function)

    def trip(self) -> None:
        """Let calls fail until the circuit opens."""
        for _ in range(FAIL_MAX):
            with suppress(Exception):  # some libraries replace the error of the call that trips
                self.call(fail)

    def repeat(self, number: int) -> float:
        """Return the seconds that `number` calls of a function that does nothing take, refused or not."""
        call, refused = self.guarded(nothing), self.refused
        started = time.perf_counter()
        for _ in range(number):
            try:  # noqa: SIM105 - what a caller of these libraries writes; suppress() would cost more
                call()
            except refused:
                pass
        return time.perf_counter() - started


def nothing() -> None:
    """Succeed at once."""


def fail() -> None:
    """Fail at once."""
    raise Failure


class Unprotected(Peer):
    """The function without a breaker: the cost of the measuring loop itself."""

    name = "no breaker"
    refused = ()

    def __init__(self, cooldown_s: float = COOLDOWN_S) -> None:
        """There is no circuit."""

    def guarded(self, function: Function[Answer]) -> Function[Answer]:
        """Return `function`."""
        return function


class OurBreaker(Peer):
    """The breaker of api-gateway-v2 alone: admit, call, settle."""

    name = "ours: Breaker"
    refused = (Refused,)
    probes_by_itself = True

    def __init__(self, cooldown_s: float = COOLDOWN_S, settings: BreakerSettings = SETTINGS) -> None:
        """`settings` are those of the breaker, but for its cooldown."""
        self.breaker = Breaker(NAME, replace(settings, reset_timeout_s=cooldown_s))

    def guarded(self, function: Function[Answer]) -> Function[Answer]:
        """Raise Refused where `admit` returns None, so that a refusal costs an exception as it does in the peers."""
        return partial(self._call, self.breaker.admit, function)

    def probe(self, function: Function[Answer]) -> Answer:
        """Do what the gateway's background thread does."""
        return self._call(self.breaker.admit_probe, function)

    def _call(self, permission: Callable[[], Any], function: Function[Answer]) -> Answer:
        permit = permission()
        if permit is None:
            raise Refused
        try:
            answer = function()
        except Exception as error:
            self.breaker.settle(permit, error)
            raise
        self.breaker.settle(permit)
        return answer


class OurGuard(OurBreaker):
    """The guard of api-gateway-v2: breaker, bulkhead with its own threads, and deadline."""

    name = "ours: Guard"

    def __init__(
        self,
        cooldown_s: float = COOLDOWN_S,
        settings: BreakerSettings = SETTINGS,
        bulkhead: Bulkhead[Any] | None = None,
    ) -> None:
        """`bulkhead` has a place for each of the threads that call, unless told otherwise."""
        super().__init__(cooldown_s, settings)
        bulkhead = bulkhead or Bulkhead(FixedLimit(MAX_CONCURRENT), MAX_CONCURRENT)
        self.probe_call = ProbeCall(nothing)
        self._guard = BackgroundGuard(
            self.breaker, bulkhead, self.probe_call, deadline_s=DEADLINE_S, patience_s=DEADLINE_S
        )
        self.breaker.add_listener(self._guard)

    def guarded(self, function: Function[Answer]) -> Function[Answer]:
        """Raise Refused for a degraded answer: the guard raises nothing."""

        def call() -> Answer:
            answer, degraded = self._guard.start(function).result_or(_NO_ANSWER)  # type: ignore[arg-type]
            if degraded:
                raise Refused
            return answer  # type: ignore[return-value]  # _NO_ANSWER is never returned

        return call


_NO_ANSWER = object()


class PybreakerCall(Peer):
    """pybreaker's `breaker.call(function)`."""

    name = "pybreaker call()"
    package = "pybreaker"
    refused = (pybreaker.CircuitBreakerError,)

    def __init__(self, cooldown_s: float = COOLDOWN_S) -> None:
        self._breaker = pybreaker.CircuitBreaker(
            fail_max=FAIL_MAX, reset_timeout=cooldown_s, throw_new_error_on_trip=False, exclude=[RequestRejected]
        )

    def guarded(self, function: Function[Answer]) -> Function[Answer]:
        """Use `call`."""
        return partial(self._breaker.call, function)


class PybreakerDecorator(PybreakerCall):
    """pybreaker's `@breaker`, which goes through `call`."""

    name = "pybreaker @breaker"

    def guarded(self, function: Function[Answer]) -> Function[Answer]:
        """Use the decorator."""
        return self._breaker(function)


class PybreakerCalling(PybreakerCall):
    """pybreaker's `with breaker.calling()`."""

    name = "pybreaker calling()"

    def guarded(self, function: Function[Answer]) -> Function[Answer]:
        """Use the context manager."""

        def call() -> Answer:
            with self._breaker.calling():
                return function()

        return call


class Circuitbreaker(Peer):
    """circuitbreaker's decorator; its `call()` and its context manager do not refuse."""

    name = "circuitbreaker"
    package = "circuitbreaker"
    refused = (circuitbreaker.CircuitBreakerError,)

    def __init__(self, cooldown_s: float = COOLDOWN_S) -> None:
        self._breaker = circuitbreaker.CircuitBreaker(
            failure_threshold=FAIL_MAX,
            recovery_timeout=cooldown_s,
            expected_exception=lambda kind, _error: not issubclass(kind, RequestRejected),
            name=NAME,
        )

    def guarded(self, function: Function[Answer]) -> Function[Answer]:
        """Use the decorator."""
        protected: Function[Answer] = self._breaker(function)
        return protected


class Purgatory(Peer):
    """purgatory's decorator. It raises one and the same exception again and again, whose traceback only grows."""

    name = "purgatory"
    package = "purgatory"
    refused = (OpenedState,)
    ages_while_open = True

    def __init__(self, cooldown_s: float = COOLDOWN_S) -> None:
        self._factory = purgatory.SyncCircuitBreakerFactory(
            default_threshold=FAIL_MAX, default_ttl=cooldown_s, exclude=[RequestRejected]
        )

    def guarded(self, function: Function[Answer]) -> Function[Answer]:
        """Use the decorator."""
        protected: Function[Answer] = self._factory(NAME)(function)
        return protected


class Interlock(Peer):
    """interlock-cb's decorator, set to trip as the others do."""

    name = "interlock-cb"
    package = "interlock-cb"
    refused: ClassVar[tuple[type[Exception], ...]] = (interlock.CircuitOpenError,)

    def __init__(self, cooldown_s: float = COOLDOWN_S) -> None:
        config = interlock.Config(
            failure_rate_threshold=1.0,
            minimum_number_of_calls=FAIL_MAX,
            window_size=FAIL_MAX,
            slow_call_duration_threshold=SLOW_CALL_S,
            wait_duration_in_open=cooldown_s,
            permitted_calls_in_half_open=1,
        )
        self._breaker = interlock.CircuitBreaker(name=NAME, config=config)

    def guarded(self, function: Function[Answer]) -> Function[Answer]:
        """Use the decorator."""
        return self._breaker(function)


class InterlockPipeline(Interlock):
    """interlock-cb's pipeline of bulkhead and breaker, its counterpart of our guard.

    The bulkhead is outside, because the breaker would count the refusals of one inside as failures. Its timeout is left
    out: the calls have a deadline of their own, as everywhere here, and it would start a thread for each call.
    """

    name = "interlock-cb pipeline"
    refused = (interlock.CircuitOpenError, interlock.BulkheadFullError)

    def __init__(self, cooldown_s: float = COOLDOWN_S, max_concurrent: int = MAX_CONCURRENT) -> None:
        super().__init__(cooldown_s)
        self._pipeline = interlock.Pipeline.builder().bulkhead(max_concurrent).circuit_breaker(self._breaker).build()

    def guarded(self, function: Function[Answer]) -> Function[Answer]:
        """Use the pipeline's decorator."""
        protected: Function[Answer] = self._pipeline(function)
        return protected


class AsyncPeer(Peer):
    """A library for asyncio.

    `call` may be used from any thread: the breaker runs on one event loop, the function on another thread, awaited.
    `repeat` measures on the loop alone, so that none of this is in its result.
    """

    @abstractmethod
    def guarded_async(self, function: Callable[[], Awaitable[Answer]]) -> Callable[[], Awaitable[Answer]]:
        """Return `function`, protected."""

    def guarded(self, function: Function[Answer]) -> Function[Answer]:
        """Return a function for threads."""

        async def in_a_thread() -> Answer:
            return await asyncio.get_running_loop().run_in_executor(_awaited_threads(), function)

        protected = self.guarded_async(in_a_thread)

        async def call() -> Answer:
            return await protected()

        return lambda: asyncio.run_coroutine_threadsafe(call(), _event_loop()).result()

    def repeat(self, number: int) -> float:
        """Return the seconds that `number` calls of a coroutine that does nothing take, refused or not."""
        return asyncio.run_coroutine_threadsafe(self._repeat(number), _event_loop()).result()

    async def _repeat(self, number: int) -> float:
        call, refused = self.guarded_async(_nothing_async), self.refused
        started = time.perf_counter()
        for _ in range(number):
            try:  # noqa: SIM105 - as in Peer.repeat
                await call()
            except refused:
                pass
        return time.perf_counter() - started


async def _nothing_async() -> None:
    """Succeed at once."""


@cache
def _event_loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="event-loop", daemon=True).start()
    return loop


@cache
def _awaited_threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(64, thread_name_prefix="awaited")


class Aiobreaker(AsyncPeer):
    """aiobreaker's decorator. The call that trips raises the same error as a refused one."""

    name = "aiobreaker (async)"
    package = "aiobreaker"
    refused = (aiobreaker.CircuitBreakerError,)

    def __init__(self, cooldown_s: float = COOLDOWN_S) -> None:
        self._breaker = aiobreaker.CircuitBreaker(fail_max=FAIL_MAX, timeout_duration=timedelta(seconds=cooldown_s))

    def guarded_async(self, function: Callable[[], Awaitable[Answer]]) -> Callable[[], Awaitable[Answer]]:
        """Use the decorator."""
        protected: Callable[[], Awaitable[Answer]] = self._breaker(function)
        return protected


class PurgatoryAsync(AsyncPeer):
    """purgatory's decorator for coroutines."""

    name = "purgatory (async)"
    package = "purgatory"
    refused = (OpenedState,)
    ages_while_open = True

    def __init__(self, cooldown_s: float = COOLDOWN_S) -> None:
        self._factory = purgatory.AsyncCircuitBreakerFactory(default_threshold=FAIL_MAX, default_ttl=cooldown_s)

    def guarded_async(self, function: Callable[[], Awaitable[Answer]]) -> Callable[[], Awaitable[Answer]]:
        """Use the decorator."""
        protected: Callable[[], Awaitable[Answer]] = self._factory(NAME)(function)
        return protected


PEERS: tuple[type[Peer], ...] = (
    OurBreaker,
    OurGuard,
    PybreakerCall,
    PybreakerDecorator,
    PybreakerCalling,
    Circuitbreaker,
    Purgatory,
    PurgatoryAsync,
    Aiobreaker,
    Interlock,
    InterlockPipeline,
)
