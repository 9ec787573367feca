"""Reading what /metrics answers."""

import pytest

from shopkit.metrics_reader import Metrics

TEXT = """\
# TYPE calls_total counter
calls_total{caller="v1",fault="none"} 3.0
calls_total{caller="v1",fault="hang"} 2.0
calls_total{caller="v2",fault="none"} 7.0
threads 64.0
"""


def test_total_sums_up_the_samples_with_these_labels() -> None:
    """Samples match if they have all the labels that are asked for; no sample makes 0."""
    metrics = Metrics(TEXT)
    assert metrics.total("calls_total") == 12
    assert metrics.total("calls_total", caller="v1") == 5
    assert metrics.total("calls_total", caller="v1", fault="hang") == 2
    assert metrics.total("calls_total", caller="v3") == metrics.total("unknown") == 0


def test_only_the_wanted_metrics_are_read() -> None:
    """With `only`, other lines are skipped, even broken ones."""
    metrics = Metrics(TEXT + "}broken{\n", only=("threads",))
    assert (metrics.total("threads"), metrics.samples("calls_total")) == (64, ())


def test_rejects_text_in_another_format() -> None:
    """An HTML page, for one, is no reading."""
    with pytest.raises(ValueError, match="html"):
        Metrics("<html>not metrics</html>\n")
