"""`run_demo.py explore`, as a user starts and stops it."""

import os
import signal
import subprocess
from collections.abc import Callable

import psutil

from support.demo import Demo

PollUntil = Callable[..., None]


def searching(demo: Demo, poll_until: PollUntil) -> tuple[subprocess.Popen[str], list[psutil.Process]]:
    """Start a search; return its process and those that it has started, once there are some."""
    run = demo.start("python3", "run_demo.py", "explore", "--rate", "50", "--latency", "p50=20ms", "--quick")

    def workers() -> list[psutil.Process]:
        children = psutil.Process(run.pid).children(recursive=True)
        return [child for child in children if "spawn_main" in " ".join(child.cmdline())]

    poll_until(workers)
    return run, workers()


def test_killed_search_leaves_nothing(demo: Demo, poll_until: PollUntil) -> None:
    """Its processes end by themselves when it is killed."""
    run, found = searching(demo, poll_until)
    run.kill()
    run.communicate(timeout=60)
    poll_until(lambda: not any(worker.is_running() for worker in found))


def test_ctrl_c_ends_a_search(demo: Demo, poll_until: PollUntil) -> None:
    """Ctrl-C, which reaches all processes of the search, ends them with one line and status 130."""
    run, found = searching(demo, poll_until)
    os.killpg(run.pid, signal.SIGINT)
    out, err = run.communicate(timeout=60)
    assert (run.returncode, out, err) == (130, "", "run_demo.py: stopped, nothing is left running\n")
    assert not any(worker.is_running() for worker in found)
