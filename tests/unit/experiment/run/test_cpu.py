"""How busy a load generator is."""

import os
from types import SimpleNamespace

import psutil
import pytest

from experiment.run import cpu
from experiment.run.cpu import CpuMeter


class Process:
    """A process whose clock and use of the CPU are set by the test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        self.used_s = 0.0
        self.ended = False
        monkeypatch.setattr(cpu, "time", SimpleNamespace(monotonic=lambda: self.now))
        monkeypatch.setattr(psutil, "Process", lambda _: self)

    def cpu_times(self) -> SimpleNamespace:
        """Return what it has used, as psutil does."""
        if self.ended:
            raise psutil.NoSuchProcess(1)
        return SimpleNamespace(user=self.used_s / 2, system=self.used_s / 2)

    def run(self, meter: CpuMeter, seconds: int, share: float) -> None:
        """Let it use this share of a core, and be sampled every second."""
        for _ in range(seconds):
            self.now += 1
            self.used_s += share
            meter.sample()


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> Process:
    """Return a process."""
    return Process(monkeypatch)


def test_share_is_that_of_the_busiest_five_seconds(process: Process) -> None:
    """A short burst is spread over five seconds; a quiet time afterwards changes nothing."""
    meter = CpuMeter(1)
    meter.sample()
    process.run(meter, 10, 0.25)
    assert meter.share_max == pytest.approx(0.25)
    process.run(meter, 1, 1.0)
    assert meter.share_max == pytest.approx((4 * 0.25 + 1) / 5)
    process.run(meter, 5, 0.75)
    process.run(meter, 10, 0.0)
    assert meter.share_max == pytest.approx((4 * 0.75 + 1) / 5)


def test_share_is_not_known_before_five_seconds(process: Process) -> None:
    """The first moments of a process are its start."""
    meter = CpuMeter(1)
    meter.sample()
    process.run(meter, 4, 1.0)
    assert meter.share_max == 0


def test_process_that_has_ended_is_no_trouble(process: Process) -> None:
    """Neither later on nor before the first sample."""
    process.ended = True
    meter = CpuMeter(1)
    meter.sample()
    assert meter.share_max == 0
    process.ended = False
    process.run(meter, 6, 0.5)
    process.ended = True
    meter.sample()
    assert meter.share_max == pytest.approx(0.5)


def test_real_process_is_measured() -> None:
    """This one."""
    meter = CpuMeter(os.getpid())
    meter.sample()
    assert meter.share_max == 0
