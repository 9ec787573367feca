"""Model against measurement, for each trial and over all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Result:
    """What a trial came to, on servers and twice in the twin, by the name of the quantity."""

    trial: Trial
    measured: dict[str, float]
    expected: dict[str, Expected]  # of such traffic
    repeated: dict[str, float]  # with the very pages of the servers

    @property
    def common(self) -> list[str]:
        """The quantities that happened in each of them."""
        return [
            name for name in QUANTITIES if name in self.measured and name in self.expected and name in self.repeated
        ]


def verification(results: Sequence[Result], what: str, gateway_cpu_s: float) -> Verification:
    """Return every quantity that both the servers and all runs of the twin have, and how well they agree.

    `what` says what the trials are of; `gateway_cpu_s` is the processor time that a page cost the gateway.
    """
    compared = [
        _compared(number, name, result) for number, result in enumerate(results, start=1) for name in result.common
    ]
    by_name = {name: [one for one in compared if one.quantity == name] for name in QUANTITIES}
    return Verification(
        of=what,
        trials=len(results),
        most_calls_per_s=round(max(result.trial.traffic.rate_per_s for result in results), 1),
        gateway_cpu_s=round(gateway_cpu_s, 6),
        compared=compared,
        agreements=[_agreement(name, found) for name, found in by_name.items() if found],
    )


def _compared(trial: int, name: str, result: Result) -> Compared:
    measured, expected, repeated = result.measured[name], result.expected[name], result.repeated[name]
    return Compared(
        trial=trial,
        quantity=name,
        measured=round(measured, 4),
        expected=round(expected.mean, 4),
        low=round(expected.low, 4),
        high=round(expected.high, 4),
        error=_error(expected.mean, measured),
        repeated=round(repeated, 4),
        repeated_error=_error(repeated, measured),
    )


def _error(modelled: float, measured: float) -> float:
    return round(abs(modelled - measured) / max(abs(measured), LEAST), 4)


def _agreement(name: str, found: Sequence[Compared]) -> Agreement:
    measured = [one.measured for one in found]
    return Agreement(
        quantity=name,
        compared=len(found),
        median_error=median(one.error for one in found),
        rank_correlation=_rank_correlation(measured, [one.expected for one in found]),
        repeated_median_error=median(one.repeated_error for one in found),
        repeated_rank_correlation=_rank_correlation(measured, [one.repeated for one in found]),
        inside=sum(one.is_inside for one in found),
    )


def _rank_correlation(measured: Sequence[float], modelled: Sequence[float]) -> float | None:
    if len(measured) < LEAST_COMPARED or len(set(measured)) == 1 or len(set(modelled)) == 1:
        return None
    return round(float(spearmanr(measured, modelled).statistic), 3)
