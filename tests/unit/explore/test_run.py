"""What `run_demo.py explore` takes, and the verification that it remembers."""

from dataclasses import replace
from pathlib import Path

import pytest

from experiment.errors import UsageError
from experiment.results import versioned
from explore.latency import QuantileLatency
from explore.plan import ExplorePlan
from explore.run import VERIFICATION_NAME, asked_for, last_verification
from support.explorations import a_verification

USERS = ExplorePlan(users=5000, pause_s=(0.001, 0.001), latency=QuantileLatency({0.5: 0.01}))


def test_refuses_more_calls_than_can_be_simulated(tmp_path: Path) -> None:
    """Users without a pause, and a log whose calls all come at once, get one line."""
    log = tmp_path / "calls.csv"
    log.write_text("start,duration,status\n1,0.1,200\n1.00001,0.1,200\n")
    for plan in (USERS, replace(USERS, users=None, log=log)):
        with pytest.raises(UsageError, match="explore takes"):
            asked_for(plan)


def test_remembers_the_last_verification(tmp_path: Path) -> None:
    """One that cannot be read is none."""
    assert last_verification(tmp_path) is None
    versioned.write(a_verification(), tmp_path / VERIFICATION_NAME)
    found = last_verification(tmp_path)
    assert found
    assert found.of == "points of a test"
    (tmp_path / VERIFICATION_NAME).write_text("{}")
    assert last_verification(tmp_path) is None
