"""What is measured so far, what is still to do, and the matrix that it makes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.under_test.registry import NONE
from experiment.errors import UsageError
from experiment.measure.summary import GOOD_WITHIN_S
from load.visits import CATALOGUE_SHARE
from matrix.busy_run import CONNECTIONS, DELAY_S
from matrix.cells import cell_of
from matrix.claims import claims
from matrix.model import Cell, Conditions, Matrix, Sample, read_matrix
from matrix.plan import ARRIVAL_RATE_PER_S, MatrixPlan


@dataclass(frozen=True, slots=True)
class Step:
    """One run: these gateways side by side through one fault."""

    fault: str
    seed: int
    gateways: Sequence[str]


@dataclass
class Measurement:
    """All runs so far, by fault and gateway."""

    conditions: Conditions
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    samples: dict[tuple[str, str], list[Sample]] = field(default_factory=dict)

    def add(self, step: Step, samples: dict[str, Sample]) -> None:
        """Add what a run has measured."""
        for gateway, sample in samples.items():
            self.samples.setdefault((step.fault, gateway), []).append(sample)

    def runs_left(self) -> list[Step]:
        """Return the runs that every cell gets, and has not had: a whole matrix with each seed before the next."""
        seeds = range(1, self.conditions.seeds + 1)
        steps = (Step(fault, seed, self.conditions.gateways) for seed in seeds for fault in self.conditions.faults)
        return [step for step in steps if not self._is_done(step)]

    def more_runs(self) -> Iterator[Step]:
        """Yield further runs of the cells that are not decided, beside v1, as long as they are not."""
        seeds = self.conditions.seeds
        for seed in range(seeds + 1, seeds + self.conditions.more_seeds + 1):
            for fault in self.conditions.faults:
                open_ones = [c.gateway for c in self._cells_of(fault) if c.verdict == "not decided"]
                step = Step(fault, seed, [NONE.name, *open_ones])
                if open_ones and not self._is_done(step):
                    yield step

    def matrix(self, *, complete: bool) -> Matrix:
        """Return the matrix as it stands."""
        cells = [cell for fault in self.conditions.faults for cell in self._cells_of(fault)]
        return Matrix(
            started_at=self.started_at,
            complete=complete,
            conditions=self.conditions,
            cells=cells,
            claims=claims(cells) if complete else [],
        )

    def _is_done(self, step: Step) -> bool:
        return all(step.seed in self._seeds(step.fault, gateway) for gateway in step.gateways)

    def _seeds(self, fault: str, gateway: str) -> set[int]:
        return {sample.seed for sample in self.samples.get((fault, gateway), ())}

    def _cells_of(self, fault: str) -> list[Cell]:
        of_v1 = self.samples.get((fault, NONE.name), [])
        return [
            cell_of(fault, gateway, samples, of_v1)
            for gateway in self.conditions.gateways
            if (samples := self.samples.get((fault, gateway)))
        ]


def conditions_of(plan: MatrixPlan) -> Conditions:
    """Return what a plan asks for."""
    return Conditions(
        faults=list(plan.faults),
        gateways=list(plan.gateways),
        seeds=plan.seeds,
        more_seeds=plan.more_seeds,
        well_s=plan.well_s,
        fault_s=plan.fault_s,
        recovery_s=plan.recovery_s,
        arrival_rate_per_s=ARRIVAL_RATE_PER_S,
        catalogue_share=CATALOGUE_SHARE,
        good_within_s=GOOD_WITHIN_S,
        busy_connections=CONNECTIONS,
        busy_delay_s=DELAY_S,
    )


def resumed(conditions: Conditions, path: Path) -> Measurement:
    """Return what an interrupted measurement of the same has left in the file, or an empty one."""
    try:
        found = read_matrix(path)
    except UsageError:  # there is none, or it is of another version
        return Measurement(conditions)
    if found.complete or found.conditions != conditions:
        return Measurement(conditions)
    return Measurement(conditions, found.started_at, {(c.fault, c.gateway): list(c.samples) for c in found.cells})
