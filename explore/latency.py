"""How long answers take: described by some quantiles, or recorded. Standard library only: the command line makes it.

The parsers raise a ValueError with one line: the value, what is wrong with it, and what is allowed.
"""

import re
from array import array
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, exp, inf, log
from random import Random
from statistics import NormalDist

LONGEST_S = 3600.0
LONE_SIGMA = 0.7
BEYOND = 10.0

_NORMAL = NormalDist()
_SURE = 1e-12  # from 0 and 1, which have no probit
_NUMBER = r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+"
_SECONDS = re.compile(rf"({_NUMBER})(ms|s|)")
_SHARE = re.compile(rf"({_NUMBER})(%?)")
_BUCKET = re.compile(r"le(.+)=([0-9]{1,12})", re.IGNORECASE)
# So few digits keep the probits of two quantiles apart.
_QUANTILE = re.compile(r"p([0-9]{1,2}(?:\.[0-9]{1,4})?)=(.*)", re.IGNORECASE)


class QuantileLatency:
    """Durations that pass through the given quantiles.

    Between two of them the logarithm of the duration is a straight line over the probit, as in a lognormal
    distribution. Beyond the first and the last, the line nearest to them goes on, to a tenth of the first duration and
    to ten times the last: further out, the line would be a guess.

    One quantile alone gets a line with a slope (sigma) of 0.7: P99 is then five times the median, as is common for a
    service under usual load. It is a choice, not a measurement, and a second quantile replaces it.
    """

    def __init__(self, quantiles_s: Mapping[float, float]) -> None:
        """Take the duration, in seconds, of each quantile, such as 0.99.

        Raises:
            ValueError: There is none, a share or a duration is out of range, or durations fall.
        """
        points = sorted(quantiles_s.items())
        _check(points)
        self._probits = [_NORMAL.inv_cdf(share) for share, _ in points]
        self._logs = [log(duration_s) for _, duration_s in points]
        self._slopes = [
            (to_log - from_log) / (to - start)
            for (start, from_log), (to, to_log) in pairwise(zip(self._probits, self._logs, strict=True))
        ] or [LONE_SIGMA]
        self._lowest, self._highest = self._logs[0] - log(BEYOND), self._logs[-1] + log(BEYOND)

    def draw_s(self, rng: Random) -> float:
        """Return the duration of one answer, in seconds."""
        return self.quantile_s(rng.random())

    def quantile_s(self, share: float) -> float:
        """Return the duration, in seconds, that this share of the answers does not exceed."""
        probit = _NORMAL.inv_cdf(min(max(share, _SURE), 1 - _SURE))
        line = min(max(bisect_right(self._probits, probit) - 1, 0), len(self._slopes) - 1)
        found = self._logs[line] + self._slopes[line] * (probit - self._probits[line])
        return exp(min(max(found, self._lowest), self._highest))


@dataclass(frozen=True, slots=True, eq=False)
class RecordedLatency:
    """Durations as they were recorded."""

    sorted_s: "array[float]"  # at least one; compact, for a log may hold millions

    def draw_s(self, rng: Random) -> float:
        """Return the duration of one answer, in seconds."""
        return self.sorted_s[int(rng.random() * len(self.sorted_s))]

    def quantile_s(self, share: float) -> float:
        """Return the duration, in seconds, that this share of the answers does not exceed (nearest rank)."""
        rank = ceil(share * len(self.sorted_s))
        return self.sorted_s[min(max(rank, 1), len(self.sorted_s)) - 1]


def parse_latency(text: str) -> QuantileLatency:
    """Return the latency that quantiles or the buckets of a histogram describe.

    Quantiles look like `p50=20ms,p99=300ms`. Buckets are those of Prometheus, each with the number of answers that took
    no longer: `le0.025=412,le0.1=930,le1=998,le+Inf=1000`.

    Raises:
        ValueError: The text says something else.
    """
    if text.lower().startswith("le"):
        return QuantileLatency(_parse_histogram(text))
    quantiles_s: dict[float, float] = {}
    for part in text.split(","):
        share, duration_s = _parse_quantile(part)
        if share in quantiles_s:
            raise ValueError(f"{text!r} has the quantile of {part.strip()!r} twice; expected each once")
        quantiles_s[share] = duration_s
    return QuantileLatency(quantiles_s)


def parse_seconds(text: str) -> float:
    """Return the seconds that a length of time such as `300ms`, `2s` or `1.5` stands for.

    Raises:
        ValueError: The text says something else, or the time is out of range.
    """
    found = _SECONDS.fullmatch(text.strip())
    seconds = float(found[1]) / (1000 if found[2] == "ms" else 1) if found else inf
    if not 0 < seconds <= LONGEST_S:
        raise ValueError(f"{text!r} is not a time over 0 s and up to {LONGEST_S:g} s, such as 300ms, 2s or 1.5")
    return seconds


def parse_share(text: str) -> float:
    """Return the share, from 0 to 1, that `0.5%` or `0.005` stands for.

    Raises:
        ValueError: The text says something else, or the share is out of range.
    """
    found = _SHARE.fullmatch(text.strip())
    share = float(found[1]) / (100 if found[2] else 1) if found else inf
    if not share <= 1:
        raise ValueError(f"{text!r} is not a share from 0 % to 100 %, such as 0.5% or 0.005")
    return share


def _parse_quantile(part: str) -> tuple[float, float]:
    found = _QUANTILE.fullmatch(part.strip())
    share = float(found[1]) / 100 if found else 0.0
    if not found or not share:
        raise ValueError(f"{part!r} is not a quantile over p0 and below p100 and its time, such as p50=20ms")
    return share, parse_seconds(found[2])


def _parse_histogram(text: str) -> dict[float, float]:
    """Return the duration of each share that the buckets tell apart."""
    buckets = [_parse_bucket(part) for part in text.split(",")]
    counts, bounds_s = dict(buckets), [bound_s for bound_s, _ in buckets]
    total = counts.pop(inf, 0)
    if (
        sorted(set(bounds_s)) != bounds_s
        or sorted(counts.values()) != list(counts.values())
        or total < max(counts.values(), default=0)
    ):
        raise ValueError(f"{text!r} is no histogram: expected bounds that rise to le+Inf, and counts that do not fall")
    if not max(counts.values(), default=0):
        raise ValueError(f"{text!r} has no answer below le+Inf; expected a bucket that holds some")
    # No answer was longer than the bound that all of them kept; one more could be.
    shares = {min(count, total - 0.5) / total: bound_s for bound_s, count in sorted(counts.items(), reverse=True)}
    return {share: bound_s for share, bound_s in shares.items() if share}


def _parse_bucket(part: str) -> tuple[float, int]:
    found = _BUCKET.fullmatch(part.strip())
    if not found:
        raise ValueError(f"{part!r} is not a bucket and its count, such as le0.25=900 or le+Inf=1000")
    return inf if found[1].lower() == "+inf" else parse_seconds(found[1]), int(found[2])


def _check(points: list[tuple[float, float]]) -> None:
    if not points:
        raise ValueError("no quantile; expected at least one, such as p50=20ms")
    for share, duration_s in points:
        if not (0 < share < 1 and 0 < duration_s <= LONGEST_S):
            raise ValueError(
                f"{_named(share, duration_s)}: expected p0 < quantile < p100 and 0 s < time <= {LONGEST_S:g} s"
            )
    for lower, higher in pairwise(points):
        if higher[1] < lower[1]:
            raise ValueError(f"{_named(*higher)} is shorter than {_named(*lower)}; expected times that do not fall")


def _named(share: float, duration_s: float) -> str:
    return f"p{share * 100:.6g}={duration_s:g}s"
