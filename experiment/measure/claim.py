"""One claim, decided."""

from typing import Literal

from experiment.results.model import Claim

Relation = Literal["=", "<=", ">="]


def claim(name: str, measured: float | None, relation: Relation, threshold: float, unit: str) -> Claim:
    """Return the claim; one whose measurement never happened does not hold."""
    return Claim(
        name=name,
        measured=measured,
        relation=relation,
        threshold=threshold,
        unit=unit,
        held=_holds(measured, relation, threshold),
    )


def _holds(measured: float | None, relation: Relation, threshold: float) -> bool:
    if measured is None:
        return False
    return {"=": measured == threshold, "<=": measured <= threshold, ">=": measured >= threshold}[relation]
