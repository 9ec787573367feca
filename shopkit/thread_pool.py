"""A pool whose threads all run from the start, for when the system has no more of them just as they are needed."""

import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue

Task = Callable[[], None]
Inbox = SimpleQueue[Task | None]  # from which a thread gets its next task; None ends it


class NoMoreThreads(Exception):
    """The system starts no more threads for this service."""

    def __init__(self, threads: int) -> None:
        super().__init__(
            f"cannot start {threads} threads: this system allows no more; "
            "raise the limit (ulimit -u, or a container's pids limit), or set fewer (docs/settings.md)"
        )


class ThreadPool:
    """A fixed number of daemon threads. The one that has become idle last takes the next task: its caches are warm."""

    def __init__(self, threads: int, name: str) -> None:
        """Start `threads` threads.

        Raises:
            NoMoreThreads: The system does not allow that many.
        """
        self._lock = threading.Lock()
        self._idle: list[Inbox] = []  # one per idle thread
        self._waiting: deque[Task] = deque()
        self._threads: list[threading.Thread] = []
        try:
            for number in range(threads):
                self._start(f"{name}-{number}")
        except RuntimeError:
            self.shutdown(wait=True)
            raise NoMoreThreads(threads) from None

    def submit(self, task: Task) -> None:
        """Run a task, which must not raise, as soon as a thread is idle; tasks start in the order they come."""
        with self._lock:
            if not self._idle:
                self._waiting.append(task)
                return
            inbox = self._idle.pop()
        inbox.put(task)

    def shutdown(self, *, wait: bool = False) -> None:
        """End the idle threads, and `wait` until all threads have ended; busy ones otherwise end with the process."""
        with self._lock:
            while self._idle:
                self._idle.pop().put(None)
        if wait:
            for thread in self._threads:
                thread.join()

    def _start(self, name: str) -> None:
        inbox: Inbox = SimpleQueue()
        thread = threading.Thread(target=self._work, args=(inbox,), name=name, daemon=True)
        thread.start()
        self._threads.append(thread)
        self._idle.append(inbox)

    def _work(self, inbox: Inbox) -> None:
        while task := inbox.get():
            next_task: Task | None = task
            while next_task is not None:
                next_task()
                next_task = self._next_or_idle(inbox)

    def _next_or_idle(self, inbox: Inbox) -> Task | None:
        """Return the task that has waited the longest, or join the idle threads."""
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            self._idle.append(inbox)
            return None
