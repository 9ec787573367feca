"""Model against measurement, for each trial and over all of them."""

from collections.abc import Sequence
from statistics import median

from scipy.stats import spearmanr

from explore.model import Agreement, Compared, Verification
from explore.verify.trial import Expected, Trial

QUANTITIES = {
    "open_s": "to OPEN, s",
    "closed_s": "to CLOSED, s",
    "degraded_share": "degraded",
    "false_trips": "false trips",
}
LEAST = 0.05  # of a share or a count: an error below it is no error of the model
LEAST_COMPARED = 3


def verification(
    trials: Sequence[Trial], seen: Sequence[dict[str, float]], expected: Sequence[dict[str, Expected]]
) -> Verification:
    """Return every quantity that both the servers and all runs of the twin have, and how well they agree."""
    compared = [
        _compared(number, name, measured, of_trial[name])
        for number, (one, of_trial) in enumerate(zip(seen, expected, strict=True), start=1)
        for name in QUANTITIES
        if name in of_trial and (measured := one.get(name)) is not None
    ]
    by_name = {name: [one for one in compared if one.quantity == name] for name in QUANTITIES}
    return Verification(
        trials=len(trials),
        most_calls_per_s=round(max(trial.traffic.rate_per_s for trial in trials), 1),
        compared=compared,
        agreements=[_agreement(name, found) for name, found in by_name.items() if found],
    )


def _compared(trial: int, name: str, measured: float, expected: Expected) -> Compared:
    error = abs(expected.mean - measured) / max(abs(measured), LEAST)
    return Compared(
        trial=trial,
        quantity=name,
        measured=round(measured, 4),
        expected=round(expected.mean, 4),
        low=round(expected.low, 4),
        high=round(expected.high, 4),
        error=round(error, 4),
    )


def _agreement(name: str, found: Sequence[Compared]) -> Agreement:
    return Agreement(
        quantity=name,
        compared=len(found),
        median_error=median(one.error for one in found),
        rank_correlation=_rank_correlation([one.measured for one in found], [one.expected for one in found]),
        inside=sum(one.is_inside for one in found),
    )


def _rank_correlation(measured: Sequence[float], modelled: Sequence[float]) -> float | None:
    if len(measured) < LEAST_COMPARED or len(set(measured)) == 1 or len(set(modelled)) == 1:
        return None
    return round(float(spearmanr(measured, modelled).statistic), 3)
