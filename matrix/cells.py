"""A cell, from all of its runs and those of v1 through the same fault."""

from collections.abc import Iterable, Sequence
from statistics import median

from benchmarks.under_test.registry import NONE
from matrix.model import Cell, Sample, Verdict
from matrix.plan import BUSY
from matrix.verdicts import Difference, Score, difference


def cell_of(fault: str, gateway: str, samples: Sequence[Sample], of_v1: Sequence[Sample]) -> Cell:
    """Return the cell; `of_v1` are the runs of v1 through this fault, with at least the same seeds."""
    pairs = paired(samples, of_v1)
    good = score(fault, pairs)
    found = difference(good, score(fault, [(v1, v1) for _, v1 in pairs]))
    whole = _good_share(fault, pairs)
    return Cell(
        fault=fault,
        gateway=gateway,
        samples=list(samples),
        good_share=whole,
        with_recommendations_share=_whole_share(fault, pairs),
        failed_share=_of(
            sum(s.pages.failed + s.pages.unanswered for s in samples), sum(s.pages.asked for s in samples)
        ),
        p50_ms=_median(sample.pages.p50_ms for sample in samples),
        p99_ms=_median(sample.pages.p99_ms for sample in samples),
        catalogue_good_share=_catalogue(samples),
        calls_factor=_calls_factor(pairs),
        useless_work=_median(sample.useless_work for sample in samples),
        protected_after_s=_time([sample.protected_after_s for sample in samples]),
        recovered_after_s=_time([sample.recovered_after_s for sample in samples]),
        gain=round(whole - _good_share(fault, [(v1, v1) for _, v1 in pairs]), 4),
        gain_low=round(found.low, 4),
        gain_high=round(found.high, 4),
        verdict=_verdict(gateway, found),
    )


def paired(samples: Sequence[Sample], others: Sequence[Sample]) -> list[tuple[Sample, Sample]]:
    """Return the runs of two gateways that had the same seed."""
    by_seed = {sample.seed: sample for sample in others}
    return [(sample, by_seed[sample.seed]) for sample in samples if sample.seed in by_seed]


def score(fault: str, pairs: Iterable[tuple[Sample, Sample]], *, recommendations: bool = False) -> Score:
    """Return the good pages of the first of each pair in every second of the fault, of those that count.

    Where nothing is sick, only a page with recommendations is good. And a load that adapts asks a slow gateway for
    less: there, the good pages of the second of the pair are what counts.
    """
    good: list[int] = []
    of: list[int] = []
    for sample, other in pairs:
        seconds = slice(round(sample.fault_from_s), round(sample.fault_to_s))
        whole = sample.series.with_recommendations
        good += (whole if recommendations or fault == BUSY else _good(sample))[seconds]
        of += (other.series.with_recommendations if fault == BUSY else sample.series.asked)[seconds]
    return Score(good, of)


def _good(sample: Sample) -> list[int]:
    return [a + b for a, b in zip(sample.series.with_recommendations, sample.series.without, strict=True)]


def _good_share(fault: str, pairs: Sequence[tuple[Sample, Sample]]) -> float:
    if fault == BUSY:
        return _whole_share(fault, pairs)
    return _of(sum(sample.pages.good for sample, _ in pairs), sum(sample.pages.asked for sample, _ in pairs))


def _whole_share(fault: str, pairs: Sequence[tuple[Sample, Sample]]) -> float:
    whole = sum(sample.pages.with_recommendations for sample, _ in pairs)
    return _of(whole, sum(v1.pages.with_recommendations if fault == BUSY else s.pages.asked for s, v1 in pairs))


def _of(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 1.0


def _catalogue(samples: Sequence[Sample]) -> float | None:
    asked = sum(sample.catalogue.asked for sample in samples)
    return _of(sum(sample.catalogue.good for sample in samples), asked) if asked else None


def _calls_factor(pairs: Sequence[tuple[Sample, Sample]]) -> float | None:
    known = [(s.calls, v1.calls) for s, v1 in pairs if s.calls is not None and v1.calls is not None]
    of_v1 = sum(calls for _, calls in known)
    return round(sum(calls for calls, _ in known) / of_v1, 3) if of_v1 else None


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(median(known), 1) if known else None


def _time(values: Sequence[float | None]) -> float | None:
    """Return the median, where what never happened is longer than any time."""
    middle = sorted(float("inf") if value is None else value for value in values)[len(values) // 2]
    return None if middle == float("inf") else middle


def _verdict(gateway: str, found: Difference) -> Verdict:
    return "same" if gateway == NONE.name else found.verdict
