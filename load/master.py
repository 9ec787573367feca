"""Locust's master: it writes the requests of all its workers to one log, and measures how far their clocks are off."""

import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import suppress

import gevent
from gevent.event import Event
from gevent.queue import Empty, Queue
from locust.rpc import Message
from locust.runners import STATE_MISSING, MasterRunner

from load.clocks import ClockOffset, Exchange
from load.request_log import RequestLogWriter

EXCHANGES = 20  # messages to each worker and back, the quickest of which counts
ANSWER_WITHIN_S = 5.0
LAST_LINES_WITHIN_S = 8.0
LOOK_EVERY_S = 1.0
SENT_AFTER_S = 0.5


class Master:
    """This process as Locust's master."""

    def __init__(self, runner: MasterRunner, logs: Sequence[RequestLogWriter], expected: int, *, strict: bool) -> None:
        """Write to these logs, one for each host.

        `strict`: end with one line where there are more workers than expected, or one is gone.
        """
        self._runner = runner
        self._logs = logs
        self._expected = expected
        self._clocks: dict[str, ClockOffset] = {}  # of the workers that are ready, by Locust's names of them
        self._answers: defaultdict[str, Queue[tuple[float, float]]] = defaultdict(Queue)
        self._batches: Counter[str] = Counter()
        self._sent_last: set[str] = set()
        self._all_sent_last = Event()
        self._strict = strict
        self._ends = False
        runner.register_message("ready", self._take_in, concurrent=True)
        runner.register_message("clock", self._note_time)
        runner.register_message("requests", self._write)
        runner.environment.events.worker_connect.add_listener(self._refuse_more)
        for log in logs:
            log.port(runner.server.port)

    def begin(self) -> None:
        """Let the users of all workers go."""
        self._runner.send_message("begin")

    def end(self) -> None:
        """End the load: the log is complete when each worker has sent its last lines."""
        self._ends = True
        self._runner.send_message("end")
        if self._all_sent_last.wait(LAST_LINES_WITHIN_S):
            for worker, clock in self._clocks.items():
                with suppress(Empty):  # then what was measured at the beginning has to do
                    self._log_worker(worker, clock.held_until(self._measure(worker)))
            for log in self._logs:
                log.complete()
        self._runner.quit()

    def _take_in(self, msg: Message, **_: object) -> None:
        """Take in a worker that is ready; with the last one, the load is ready."""
        worker = msg.node_id
        try:
            self._clocks[worker] = self._measure(worker)
        except Empty:
            if self._strict:
                self._fail(f"{self._name(worker)} does not answer")
            return
        self._log_worker(worker, self._clocks[worker])
        if len(self._clocks) == self._expected:
            gevent.spawn(self._watch)
            for log in self._logs:
                log.ready()

    def _watch(self) -> None:
        """Follow the workers until the load ends, or one of them is gone."""
        while not self._ends:
            for worker, clock in self._clocks.items():
                if self._is_gone(worker):
                    self._fail(f"{self._name(worker)} is gone")
                    return
                self._log_worker(worker, clock)
            gevent.sleep(LOOK_EVERY_S)

    def _is_gone(self, worker: str) -> bool:
        node = self._runner.clients.get(worker)
        return self._strict and (node is None or node.state == STATE_MISSING)

    def _refuse_more(self, client_id: str, **_: object) -> None:
        if self._strict and self._runner.get_worker_index(client_id) >= self._expected:
            gevent.spawn(self._fail, f"a worker has connected beyond the {self._expected} expected")

    def _fail(self, problem: str) -> None:
        """End this process and the workers, with one line; call it on a greenlet of its own."""
        self._ends = True
        self._runner.send_message("quit")
        gevent.sleep(SENT_AFTER_S)
        sys.exit(problem)

    def _name(self, worker: str) -> str:
        host = worker.rpartition("_")[0]
        return f"worker {self._runner.get_worker_index(worker) + 1} of {self._expected}, on {host},"

    def _log_worker(self, worker: str, clock: ClockOffset) -> None:
        node = self._runner.clients.get(worker)
        for log in self._logs:
            log.worker(self._runner.get_worker_index(worker), clock, node.cpu_usage / 100 if node else 0.0)

    def _measure(self, worker: str) -> ClockOffset:
        """Return the offset of a worker's clock; raises queue.Empty when it does not answer."""
        return ClockOffset.of([self._exchange(worker) for _ in range(EXCHANGES)])

    def _exchange(self, worker: str) -> Exchange:
        sent_at = time.monotonic()
        self._runner.send_message("clock", client_id=worker)
        there_at, back_at = self._answers[worker].get(timeout=ANSWER_WITHIN_S)
        return Exchange(sent_at, there_at, back_at)

    def _note_time(self, msg: Message, **_: object) -> None:
        self._answers[msg.node_id].put((msg.data["at"], time.monotonic()))

    def _write(self, msg: Message, **_: object) -> None:
        self._batches[msg.node_id] += 1
        if self._strict and msg.data["batch"] != self._batches[msg.node_id]:
            gevent.spawn(self._fail, f"requests of {self._name(msg.node_id)} are lost")
            return
        for log, lines in zip(self._logs, msg.data["lines"], strict=True):
            log.write(lines)
        if msg.data["last"]:
            self._sent_last.add(msg.node_id)
            if len(self._sent_last) == self._expected:
                self._all_sent_last.set()
