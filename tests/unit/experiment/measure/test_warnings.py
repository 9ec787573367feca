"""Warnings about a run that is less conclusive than it seems."""

import pytest

from experiment.measure.warnings import warnings_of
from experiment.phases import Phase
from experiment.results.model import AccountCheck
from experiment.services import GATEWAY_V1, GATEWAY_V2
from load.outcomes import Outcome
from support.report_parts import (
    CLOSED,
    OPEN,
    experiment,
    gateway_result,
    load_worker,
    pages_and_catalogue,
    phase_result,
)

PHASES = {Phase.FAULT: phase_result(pages_and_catalogue(Outcome.FULL, 9))}
FINE = gateway_result(PHASES)


def test_good_run_has_no_warning() -> None:
    """A run with enough users and idle generators has no warning."""
    assert warnings_of(experiment(), {GATEWAY_V1: FINE, GATEWAY_V2: FINE}, [], {}) == []


@pytest.mark.parametrize(
    ("cpu_share_max", "lag_ms", "texts"),
    [
        (0.9, 100.0, []),
        (0.97, 1.0, ["The load generator of api-gateway-v2 used 97% of a core"]),
        (0.5, 250.0, ["One request in a hundred to api-gateway-v2 started 250 ms late"]),
        (0.97, 250.0, ["The load generator of api-gateway-v2 used 97% of a core"]),  # which explains the other
    ],
)
def test_names_a_busy_generator(cpu_share_max: float, lag_ms: float, texts: list[str]) -> None:
    """A busy generator gets one warning with the name of its gateway."""
    busy = gateway_result(PHASES, cpu_share_max=cpu_share_max, start_lag_p99_ms=lag_ms)
    found = warnings_of(experiment(), {GATEWAY_V1: FINE, GATEWAY_V2: busy}, [], {})
    assert [text[: len(start)] for text, start in zip(found, texts, strict=True)] == texts


@pytest.mark.parametrize(("error_ms", "count"), [(50.0, 0), (51.0, 1)])
def test_warns_of_clocks_that_are_hardly_known(error_ms: float, count: int) -> None:
    """The worst known clock of a gateway's load workers decides."""
    busy = gateway_result(PHASES)
    busy.generator.workers = [load_worker(1, clock_error_ms=0.1), load_worker(2, clock_error_ms=error_ms)]
    found = warnings_of(experiment(), {GATEWAY_V1: FINE, GATEWAY_V2: busy}, [], {})
    assert len(found) == count
    assert all("workers at api-gateway-v2 are known to 51 ms only" in text for text in found)


@pytest.mark.parametrize(("users", "count"), [(64, 1), (65, 0)])
def test_warns_of_too_few_users(users: int, count: int) -> None:
    """A run warns when it has no more users than a gateway has threads."""
    load = CLOSED.model_copy(update={"users": users})
    found = warnings_of(experiment(load), {}, [], {})
    assert len(found) == count
    assert all(text.startswith("64 users can't take all 64 threads") for text in found)


def test_open_load_has_no_warning_about_users() -> None:
    """An open load has no number of users to warn about."""
    assert warnings_of(experiment(OPEN), {}, [], {}) == []


def test_names_a_count_that_was_not_compared() -> None:
    """A count that the service did not answer for is named in a warning."""
    check = AccountCheck(what="pages that v1 answered", caller=5, service=None, tolerance=3, held=None)
    (found,) = warnings_of(experiment(OPEN), {}, [check], {})
    assert found.endswith("gave no answer at the end: pages that v1 answered.")


@pytest.mark.parametrize(
    ("ahead_s", "shown"), [(0.5, None), (-0.5, None), (3.04, "3.0 s ahead of"), (-0.6, "0.6 s behind")]
)
def test_names_a_clock_that_differs(ahead_s: float, shown: str | None) -> None:
    """A service whose wall clock is more than half a second off is named in a warning."""
    found = warnings_of(experiment(OPEN), {}, [], {GATEWAY_V2: ahead_s})
    assert [text.partition(" this machine's")[0] for text in found] == (
        [f"The clock of api-gateway-v2 is {shown}"] if shown else []
    )
