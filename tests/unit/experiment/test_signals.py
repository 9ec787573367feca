"""Signals that ask to end."""

import os
import signal
from collections.abc import Iterator

import pytest

from experiment.signals import handle, held_back


@pytest.fixture(autouse=True)
def _own_hangup() -> Iterator[None]:
    before = signal.getsignal(signal.SIGHUP)
    yield
    signal.signal(signal.SIGHUP, before)


def test_held_back_signal_takes_effect_after_the_block() -> None:
    """A signal waits for the end of the block, and comes once however often it was sent."""
    heard: list[int] = []
    signal.signal(signal.SIGHUP, lambda number, _frame: heard.append(number))
    with held_back():
        os.kill(os.getpid(), signal.SIGHUP)
        os.kill(os.getpid(), signal.SIGHUP)
        assert heard == []
    assert heard == [signal.SIGHUP]


def test_ignored_signal_stays_ignored() -> None:
    """What nohup has ignored is neither handled nor held back."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    assert handle(lambda *_: None, signal.SIGHUP) == {}
    with held_back():
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
