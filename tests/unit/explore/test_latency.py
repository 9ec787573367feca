"""Latency from quantiles or from a record, and the words of the command line for it."""

from array import array
from collections.abc import Callable
from random import Random

import pytest

from explore.latency import QuantileLatency, RecordedLatency, parse_latency, parse_seconds, parse_share
from explore.traffic import Capacity, parse_capacity, parse_pause


def test_draws_have_the_quantiles_that_were_given() -> None:
    """Of many draws, the given shares do not exceed the given durations."""
    latency, rng = QuantileLatency({0.5: 0.020, 0.9: 0.030, 0.99: 0.300}), Random(1)  # noqa: S311
    drawn_s = [latency.draw_s(rng) for _ in range(20_000)]
    for share, duration_s in ((0.5, 0.020), (0.9, 0.030), (0.99, 0.300)):
        assert latency.quantile_s(share) == pytest.approx(duration_s)
        assert sum(drawn <= duration_s for drawn in drawn_s) / len(drawn_s) == pytest.approx(share, abs=0.01)


def test_between_two_quantiles_it_is_lognormal() -> None:
    """In the middle of two probits stands the geometric mean of their durations."""
    latency = QuantileLatency({0.158655: 0.010, 0.841345: 0.090})
    assert latency.quantile_s(0.5) == pytest.approx(0.030)
    assert latency.quantile_s(0.977250) == pytest.approx(0.270, rel=1e-4)


def test_tails_end_at_ten_times_the_last_and_a_tenth_of_the_first() -> None:
    """However steep the quantiles are, no draw is absurd."""
    latency = QuantileLatency({0.5: 0.001, 0.5001: 1.0})
    assert latency.quantile_s(1.0) == pytest.approx(10.0)
    assert latency.quantile_s(0.0) == pytest.approx(0.0001)


def test_one_quantile_gets_a_p99_of_five_times_the_median() -> None:
    """Whichever quantile is given, the distribution passes through it."""
    assert QuantileLatency({0.5: 0.020}).quantile_s(0.99) == pytest.approx(0.102, abs=0.001)
    assert QuantileLatency({0.99: 0.102}).quantile_s(0.5) == pytest.approx(0.020, abs=0.001)


def test_equal_quantiles_are_constant_between_them() -> None:
    """A dependency may take the same time for most of its answers."""
    assert QuantileLatency({0.1: 0.05, 0.9: 0.05}).quantile_s(0.4) == pytest.approx(0.05)


def test_record_gives_back_what_was_recorded() -> None:
    """Draws are recorded durations, and a quantile is the nearest rank."""
    latency, rng = RecordedLatency(array("f", [1, 2, 3, 4])), Random(1)  # noqa: S311
    assert {latency.draw_s(rng) for _ in range(100)} == {1, 2, 3, 4}
    assert [latency.quantile_s(share) for share in (0.0, 0.25, 0.26, 0.5, 1.0)] == [1, 1, 2, 2, 4]
    assert RecordedLatency(array("f", [7])).quantile_s(0.99) == 7


def test_histogram_has_the_shares_of_its_buckets() -> None:
    """A bucket that adds nothing to the one before it says nothing, and no answer is beyond the last that adds some."""
    latency = parse_latency("le0.025=0, le100ms=900,le0.5=990,le1=1000,le5=1000,le+Inf=1000")
    assert latency.quantile_s(0.9) == pytest.approx(0.1)
    assert latency.quantile_s(0.99) == pytest.approx(0.5)
    assert latency.quantile_s(0.9995) == pytest.approx(1.0)


def test_text_describes_a_latency_a_time_and_a_share() -> None:
    """Units may be left out, and quantiles may come in any order."""
    latency = parse_latency("P99.9=1, p50=20ms")
    assert latency.quantile_s(0.5) == pytest.approx(0.020)
    assert latency.quantile_s(0.999) == pytest.approx(1.0)
    assert [parse_seconds(text) for text in ("300ms", "2s", "1.5", ".5")] == [0.3, 2.0, 1.5, 0.5]
    assert parse_pause("1s-2500ms") == (1.0, 2.5)
    assert parse_capacity("8x20ms") == Capacity(slots=8, service_s=0.020)
    assert [parse_share(text) for text in ("0.5%", "0.005", "0", "100%")] == [0.005, 0.005, 0.0, 1.0]


@pytest.mark.parametrize(
    ("parse", "text", "says"),
    [
        (parse_latency, "p50=20ms,p99=10ms", "p99=0.01s is shorter than p50=0.02s; expected times that do not fall"),
        (parse_latency, "p50=20ms,p50.0=30ms", "has the quantile of 'p50.0=30ms' twice; expected each once"),
        (parse_latency, "p100=1s", "not a quantile over p0 and below p100"),
        (parse_latency, "p0=1s", "not a quantile over p0 and below p100"),
        (parse_latency, "", "not a quantile over p0 and below p100"),
        (parse_latency, "p50", "'p50' is not a quantile"),
        (parse_latency, "p50=20min", "'20min' is not a time over 0 s and up to 3600 s"),
        (parse_latency, "le1=10,le2=9,le+Inf=10", "is no histogram: expected bounds that rise to le+Inf"),
        (parse_latency, "le1=5,le1=6,le+Inf=10", "is no histogram"),
        (parse_latency, "le2=5,le1=6,le+Inf=10", "is no histogram"),
        (parse_latency, "le1=0,le+Inf=0", "has no answer below le+Inf"),
        (parse_latency, "le1=10,le2=11,le+Inf=10", "is no histogram"),
        (parse_latency, "le1=10", "is no histogram"),
        (parse_latency, "le+Inf=10", "has no answer below le+Inf"),
        (parse_latency, "le0.1=many", "'le0.1=many' is not a bucket and its count"),
        (parse_latency, "le0.1=0,le+Inf=5", "has no answer below le+Inf"),
        (parse_pause, "2s", "'2s' is not the shortest and the longest pause"),
        (parse_pause, "-1s-2s", "'-1s-2s' is not the shortest and the longest pause"),
        (parse_pause, "2s-1s", "'2s-1s' is not the shortest and the longest pause"),
        (parse_capacity, "8", "'8' is not a number of slots"),
        (parse_capacity, "0x20ms", "'0x20ms' is not a number of slots"),
        (parse_capacity, "8x", "'' is not a time"),
        (parse_seconds, "0", "'0' is not a time"),
        (parse_seconds, "-1s", "'-1s' is not a time"),
        (parse_seconds, "nan", "'nan' is not a time"),
        (parse_seconds, "9" * 400, "is not a time"),
        (parse_share, "101%", "'101%' is not a share from 0 % to 100 %"),
        (parse_share, "5", "'5' is not a share"),
        (parse_share, "inf", "'inf' is not a share"),
        (parse_share, "-1%", "'-1%' is not a share"),
    ],
)
def test_other_text_gets_one_line(parse: Callable[[str], object], text: str, says: str) -> None:
    """The line names the value, what is wrong with it, and what is allowed."""
    with pytest.raises(ValueError, match=r"such as|expected") as error:
        parse(text)
    assert says in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("quantiles_s", [{}, {1.0: 0.1}, {0.5: 0.0}, {0.5: float("nan")}, {0.5: float("inf")}])
def test_quantiles_out_of_range_are_refused(quantiles_s: dict[float, float]) -> None:
    """A report that holds them must not end in an error of the logarithm."""
    with pytest.raises(ValueError, match="expected"):
        QuantileLatency(quantiles_s)
