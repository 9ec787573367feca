"""What may make a run say less than it seems to."""

import pytest

from experiment.measure.warnings import warnings_of
from experiment.phases import Phase
from experiment.results.model import AccountCheck
from experiment.services import GATEWAY_V1, GATEWAY_V2
from load.outcomes import Outcome
from support.report_parts import CLOSED, OPEN, experiment, gateway_result, pages_and_catalogue, phase_result

PHASES = {Phase.FAULT: phase_result(pages_and_catalogue(Outcome.FULL, 9))}
FINE = gateway_result(PHASES)


def test_good_run_has_no_warning() -> None:
    """Enough users, and generators that had time to spare."""
    assert warnings_of(experiment(), {GATEWAY_V1: FINE, GATEWAY_V2: FINE}, []) == []


@pytest.mark.parametrize(
    ("cpu_share_max", "lag_ms", "texts"),
    [
        (0.9, 100.0, []),
        (0.97, 1.0, ["The load generator of api-gateway-v2 used 97% of a core"]),
        (0.5, 250.0, ["One request in a hundred to api-gateway-v2 started 250 ms late"]),
        (0.97, 250.0, ["The load generator of api-gateway-v2 used 97% of a core"]),  # which explains the other
    ],
)
def test_generator_that_was_too_busy_is_named(cpu_share_max: float, lag_ms: float, texts: list[str]) -> None:
    """One warning for each gateway."""
    busy = gateway_result(PHASES, cpu_share_max=cpu_share_max, start_lag_p99_ms=lag_ms)
    found = warnings_of(experiment(), {GATEWAY_V1: FINE, GATEWAY_V2: busy}, [])
    assert [text[: len(start)] for text, start in zip(found, texts, strict=True)] == texts


@pytest.mark.parametrize(("users", "count"), [(64, 1), (65, 0)])
def test_few_users_cannot_take_every_thread(users: int, count: int) -> None:
    """The blast radius shows only where more users come than there are threads."""
    load = CLOSED.model_copy(update={"users": users})
    found = warnings_of(experiment(load), {}, [])
    assert len(found) == count
    assert all(text.startswith("64 users can't take all 64 threads") for text in found)


def test_open_load_has_no_users_to_be_few() -> None:
    """Requests pile up, however few come a second."""
    assert warnings_of(experiment(OPEN), {}, []) == []


def test_count_that_could_not_be_compared_is_named() -> None:
    """A service that gave no answer at the end is no balance, and no imbalance."""
    check = AccountCheck(what="pages that v1 answered", caller=5, service=None, tolerance=3, held=None)
    (found,) = warnings_of(experiment(OPEN), {}, [check])
    assert found.endswith("gave no answer at the end: pages that v1 answered.")
