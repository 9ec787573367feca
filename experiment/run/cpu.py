"""The CPU use of a load generator: close to one core, the generator itself limits the load."""

import time
from collections import deque
from contextlib import suppress

import psutil

WINDOW_S = 5.0


class CpuMeter:
    """Measures a process's share of one core over the last seconds."""

    def __init__(self, pid: int) -> None:
        self.share_max = 0.0
        self._pid = pid
        self._samples: deque[tuple[float, float]] = deque()

    def used_s(self) -> float:
        """Return the processor time that it has used; raises psutil.Error when it has ended."""
        used = psutil.Process(self._pid).cpu_times()
        return used.user + used.system

    def sample(self) -> None:
        """Take a sample; call it a few times a second, from the start of the load on."""
        with suppress(psutil.Error):  # it has ended
            self._add(time.monotonic(), self.used_s())

    def _add(self, at: float, used_s: float) -> None:
        self._samples.append((at, used_s))
        while len(self._samples) > 1 and at - self._samples[1][0] >= WINDOW_S:
            self._samples.popleft()
        from_at, from_s = self._samples[0]
        if at - from_at >= WINDOW_S:
            self.share_max = max(self.share_max, (used_s - from_s) / (at - from_at))
