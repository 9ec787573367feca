"""The threads of the worker."""

import threading

import pytest

from shopkit.worker import NoMoreThreads, started_pool


def test_pool_has_all_its_threads() -> None:
    """Every thread runs before there is any work."""
    before = threading.active_count()
    with started_pool(3):
        assert threading.active_count() == before + 3


def test_pool_without_all_its_threads_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system starts only some of the threads, the number is named, and those that did start end."""
    before = threading.active_count()
    start = threading.Thread.start

    def limited(thread: threading.Thread) -> None:
        if threading.active_count() == before + 2:
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", limited)
    with pytest.raises(NoMoreThreads, match="cannot start 3 threads: this system allows no more; raise the limit"):
        started_pool(3)
    assert threading.active_count() == before
