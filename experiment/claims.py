"""What the run set out to show, tested on what it measured."""

from pydantic import BaseModel

from experiment.summary import Summary

MARGIN_MS = 100  # on top of the deadline: two hops, and this machine's scheduling
CEILING_SHARE = 0.95


class Claim(BaseModel):
    """One statement, with what was measured and what was asked for."""

    name: str
    measured: float
    threshold: str
    held: bool


def claims(v1: Summary, v2: Summary, v2_all: Summary, *, deadline_ms: float, ceiling_per_s: float) -> list[Claim]:
    """Judge a run with a hanging dependency; `v1` and `v2` are the product pages, `v2_all` every request."""
    slowest_ms = v2.latency.max_ms if v2.latency else float("inf")
    wanted_per_s = CEILING_SHARE * ceiling_per_s
    served_v1, served_v2 = v1.full + v1.degraded, v2.full + v2.degraded
    return [
        _claim("v1 serves none of its product pages", served_v1, "= 0", served_v1 == 0 and v1.requests > 0),
        _claim("v2 serves every product page", served_v2, f"= {v2.requests}", served_v2 == v2.requests > 0),
        _claim(
            "v2's slowest answer, in ms, is within the deadline",
            slowest_ms,
            f"<= {deadline_ms + MARGIN_MS:g}",
            slowest_ms <= deadline_ms + MARGIN_MS,
        ),
        _claim(
            "v2 answers as many requests a second as this load can make",
            v2_all.answers_per_s,
            f">= {wanted_per_s:.1f}",
            v2_all.answers_per_s >= wanted_per_s,
        ),
    ]


def _claim(name: str, measured: float, threshold: str, held: bool) -> Claim:
    return Claim(name=name, measured=measured, threshold=threshold, held=held)
