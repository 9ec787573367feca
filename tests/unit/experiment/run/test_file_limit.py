"""The warning before a run for which the system allows too few open files."""

import resource

import pytest

from experiment.phases import Phase
from experiment.plan import Closed, Open, Plan
from experiment.run.file_limit import file_limit_warning
from load.in_flight import IN_FLIGHT_MAX

Limits = tuple[int, int]


def limits(monkeypatch: pytest.MonkeyPatch, soft: int, hard: int) -> list[Limits]:
    """Let the limits be these; return the list of what they are set to."""
    became: list[Limits] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: became.append(limits))
    return became


def plan(load: Closed | Open) -> Plan:
    """Return a plan of 20 seconds."""
    return Plan({Phase.FAULT: 20.0}, load, 1)


@pytest.mark.parametrize("hard", [4096, resource.RLIM_INFINITY])
def test_raises_a_low_soft_limit(monkeypatch: pytest.MonkeyPatch, hard: int) -> None:
    """A soft limit is raised to what the load needs, and nobody is warned."""
    became = limits(monkeypatch, 256, hard)
    assert file_limit_warning(plan(Closed(1000))) is None
    assert became == [(1256, hard)]


@pytest.mark.parametrize(
    ("load", "callers"), [(Closed(900), 900), (Open(40), 800), (Open(1000), IN_FLIGHT_MAX)], ids=str
)
def test_warns_where_the_hard_limit_is_too_low(
    monkeypatch: pytest.MonkeyPatch, load: Closed | Open, callers: int
) -> None:
    """Where the system allows too few files, one line says how many there are, how many are needed, and what to do."""
    became = limits(monkeypatch, 256, 512)
    warning = file_limit_warning(plan(load)) or ""
    assert f"{callers} connections at once need {callers + 256} open files, and this system allows 512" in warning
    assert "ulimit -Hn" in warning
    assert became == [(512, 512)]
