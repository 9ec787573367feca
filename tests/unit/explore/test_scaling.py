"""What so many circuits do to a dependency that has healed, and the tables of docs/scaling.md."""

import pytest

from experiment.paths import ROOT
from explore import scaling
from explore.point import Point
from explore.probes import all_closed_s
from explore.scaling import GROWING, PLAIN, SHOP_REPLICAS, most_that_recover
from explore.scaling_chart import MEASURED_CALLS

ROUND_S = PLAIN.reset_timeout_s + PLAIN.deadline_s  # from one failed probe to the next
SLOW_PER_S = 5.0


@pytest.mark.parametrize("replicas", [1, 50])
def test_few_circuits_close_within_a_round(replicas: int) -> None:
    """Probes that the dependency can answer in time close their circuits at once."""
    closed_s = all_closed_s(Point(), replicas, 50.0)
    assert closed_s is not None
    assert closed_s < ROUND_S + 1


def test_more_probes_than_the_dependency_can_do_keep_it_down() -> None:
    """It recovers as long as fewer probes come in a round than it can work on, and those that it answers at first."""
    most = most_that_recover(PLAIN, SLOW_PER_S)
    can_do = SLOW_PER_S * ROUND_S
    assert can_do < most < 1.5 * can_do
    assert all_closed_s(PLAIN, 2 * most, SLOW_PER_S) is None


def test_growing_cooldown_lets_more_circuits_recover() -> None:
    """A cooldown of up to a minute makes a round five times as long."""
    assert most_that_recover(GROWING, SLOW_PER_S) > 3 * most_that_recover(PLAIN, SLOW_PER_S)


def test_document_has_the_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """docs/scaling.md has what `python -m explore.scaling` prints; here only what takes no minute is computed again."""
    document = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8").splitlines()
    monkeypatch.setattr(scaling, "CAPACITIES_PER_S", scaling.CAPACITIES_PER_S[:1])
    lines = [*scaling._shop_lines(), *scaling._probe_lines()]
    assert [line for line in lines if line not in document] == []


def test_picture_shows_what_the_document_says_was_measured() -> None:
    """The dots of the picture are the calls in the table of one to four replicas."""
    document = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
    for replicas, calls in zip(SHOP_REPLICAS, MEASURED_CALLS, strict=True):
        assert f"| {replicas} | {calls} |" in document
