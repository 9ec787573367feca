"""A pool whose threads all run from the start, for when the system has no more of them just as they are needed."""

import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue

Task = Callable[[], None]


class ThreadPool:
    """A fixed number of daemon threads. The one that has become idle last takes the next task: its caches are warm."""

    def __init__(self, threads: int, name: str) -> None:
        """Start `threads` threads.

        Raises:
            RuntimeError: The system allows no more threads.
        """
        self._lock = threading.Lock()
        self._idle: list[SimpleQueue[Task]] = []  # one queue per idle thread, from which it gets its next task
        self._waiting: deque[Task] = deque()
        for number in range(threads):
            inbox: SimpleQueue[Task] = SimpleQueue()
            self._idle.append(inbox)
            threading.Thread(target=self._work, args=(inbox,), name=f"{name}-{number}", daemon=True).start()

    def submit(self, task: Task) -> None:
        """Run a task, which must not raise, as soon as a thread is idle; tasks start in the order they come."""
        with self._lock:
            if not self._idle:
                self._waiting.append(task)
                return
            inbox = self._idle.pop()
        inbox.put(task)

    def shutdown(self, *, wait: bool = True) -> None:
        """Do nothing: the threads end with the process. gunicorn calls this."""

    def _work(self, inbox: SimpleQueue[Task]) -> None:
        while True:
            task: Task | None = inbox.get()
            while task is not None:
                task()
                task = self._next_or_idle(inbox)

    def _next_or_idle(self, inbox: SimpleQueue[Task]) -> Task | None:
        """Return the task that has waited the longest, or join the idle threads."""
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            self._idle.append(inbox)
            return None
