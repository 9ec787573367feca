"""Model against measurement, for each trial and over all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from scipy.stats import spearmanr

from explore.verify.trial import Expected, Seen, Trial

QUANTITIES = {
    "open_s": "to OPEN, s",
    "closed_s": "to CLOSED, s",
    "degraded_share": "degraded",
    "false_trips": "false trips",
}
LEAST = 0.05  # of a share or a count: an error below it is no error of the model
LEAST_COMPARED = 3


@dataclass(frozen=True, slots=True)
class Compared:
    """One quantity of one trial."""

    quantity: str
    trial: int
    measured: float
    expected: Expected

    @property
    def error(self) -> float:
        """Relative error of the twin's mean; small values are compared to LEAST."""
        return abs(self.expected.mean - self.measured) / max(abs(self.measured), LEAST)

    @property
    def is_inside(self) -> bool:
        """Whether the measurement lies in the twin's interval."""
        return self.expected.low <= self.measured <= self.expected.high


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well the twin does with one quantity, over all trials in which it happened."""

    quantity: str
    compared: int
    median_error: float
    rank_correlation: float | None  # Spearman's; None: too few, or all the same
    inside: int


def compare(trials: Sequence[Trial], seen: Sequence[Seen], expected: Sequence[dict[str, Expected]]) -> list[Compared]:
    """Return every quantity that both the servers and all runs of the twin have."""
    return [
        Compared(name, number, measured, of_trial[name])
        for number, (_, one, of_trial) in enumerate(zip(trials, seen, expected, strict=True), start=1)
        for name in QUANTITIES
        if name in of_trial and (measured := getattr(one, name)) is not None
    ]


def agreements(compared: Sequence[Compared]) -> list[Agreement]:
    """Return how well the twin does with each quantity that happened."""
    by_name = {name: [one for one in compared if one.quantity == name] for name in QUANTITIES}
    return [_agreement(name, found) for name, found in by_name.items() if found]


def _agreement(name: str, found: Sequence[Compared]) -> Agreement:
    return Agreement(
        name,
        len(found),
        median(one.error for one in found),
        _rank_correlation([one.measured for one in found], [one.expected.mean for one in found]),
        sum(one.is_inside for one in found),
    )


def _rank_correlation(measured: Sequence[float], modelled: Sequence[float]) -> float | None:
    if len(measured) < LEAST_COMPARED or len(set(measured)) == 1 or len(set(modelled)) == 1:
        return None
    return float(spearmanr(measured, modelled).statistic)
