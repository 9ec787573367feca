"""This replica as a member of the fleet: one thread that tells, listens and lets the circuits decide."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress

import structlog

from api_gateway_v2.fleet.channel import Channel, ChannelDown
from api_gateway_v2.fleet.fleet import TTL_S, Fleet

TICK_S = 0.05  # how soon news is told, and what was heard is acted on
HEARTBEAT_S = 0.25  # how often a replica speaks that has no news
RETRY_S = 1.0  # after the channel has failed

_log = structlog.get_logger()


class Member:
    """Connected, or alone and trying again. The channel's failures end here: no request sees them."""

    def __init__(
        self,
        fleet: Fleet,
        connect: Callable[[], Channel],
        new_name: Callable[[], str],
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`connect` returns a channel, or raises ChannelDown; `new_name` returns what no replica was ever called."""
        self.fleet = fleet
        self.alone_because: str | None = "nothing heard yet"  # None: sharing
        self.troubles = 0
        self._connect = connect
        self._new_name = new_name
        self.clock = clock
        self._sleep = sleep
        self._channel: Channel | None = None
        self._connected_at_s = 0.0
        self._told_at_s = 0.0
        self._lock = threading.Lock()
        self._runs = False

    def start(self) -> None:
        """Start the thread, unless it runs. Call it with each request: a service is made before its process forks."""
        if self._runs:
            return
        with self._lock, suppress(RuntimeError):  # no thread left: the next request tries again
            if not self._runs:
                threading.Thread(target=self._run, name="fleet", daemon=True).start()
                self._runs = True

    def turn(self) -> None:
        """Tell the others what there is to tell, hear them, and decide; when the channel fails, go on alone."""
        try:
            self._talk()
        except ChannelDown as down:
            self._go_on_alone(str(down), down)
        except Exception as error:  # noqa: BLE001 - the thread must live, whatever a library raises
            self._go_on_alone(f"sharing failed: {type(error).__name__}", error)
        else:
            self.fleet.decide()

    def _run(self) -> None:
        self.fleet.begin(self._new_name())
        while True:
            self.turn()

    def _talk(self) -> None:
        if self._channel is None:
            self._channel = self._connect()
            self._connected_at_s, self._told_at_s = self.clock(), float("-inf")
        if self.fleet.look() or self.clock() - self._told_at_s >= HEARTBEAT_S:
            self._told_at_s = self.clock()
            self._channel.publish(self.fleet.message())
        for message in self._channel.messages(TICK_S):
            self.fleet.hear(message)
        self._check_own_messages()

    def _check_own_messages(self) -> None:
        """Know that the channel works by what comes back of this replica's own messages.

        Raises:
            ChannelDown: nothing has come back for long.
        """
        now_s = self.clock()
        if now_s - max(self.fleet.heard_itself_at_s, self._connected_at_s) > TTL_S:
            raise ChannelDown("Redis delivers no messages")
        if self.alone_because and self.fleet.heard_itself_at_s >= self._connected_at_s:
            self.alone_because = None
            _log.info("sharing with the fleet", replica=self.fleet.replica)

    def _go_on_alone(self, why: str, error: Exception) -> None:
        self.troubles += 1
        self.fleet.forget()
        if self.alone_because != why:
            _log.warning("going on alone", why=why, error=repr(error.__cause__ or error))
        self.alone_because = why
        channel, self._channel = self._channel, None
        if channel:
            with suppress(Exception):  # what is broken need not close well
                channel.close()
        self._sleep(RETRY_S)
