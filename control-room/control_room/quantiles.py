"""Quantiles of a histogram, as Prometheus' histogram_quantile has them."""

from collections.abc import Sequence


def quantile(q: float, bounds: Sequence[float], counts: Sequence[float]) -> float | None:
    """Return the value that the share `q` of the observations does not exceed; None without any.

    `counts[i]` of them are at most `bounds[i]`: cumulative, the last bound being infinite. Within a bucket they are
    taken to be evenly spread; of those beyond the last finite bound nothing more is known than that bound.
    """
    total = counts[-1] if counts else 0
    if total <= 0:
        return None
    rank = q * total
    below, start = 0.0, 0.0
    for bound, count in zip(bounds, counts, strict=True):
        if count >= rank:
            if bound == float("inf"):
                return start
            return start + (bound - start) * (rank - below) / (count - below) if count > below else bound
        below, start = count, bound
    return start
