"""One claim: a measured value against its threshold."""

import operator
from collections.abc import Callable
from typing import Literal

from experiment.results.model import Claim

Relation = Literal["=", "<=", ">="]
_HOLDS: dict[Relation, Callable[[float, float], bool]] = {"=": operator.eq, "<=": operator.le, ">=": operator.ge}


def claim(name: str, measured: float | None, relation: Relation, threshold: float, unit: str) -> Claim:
    """Return the claim; one whose value is None, since it never happened, does not hold."""
    held = measured is not None and _HOLDS[relation](measured, threshold)
    return Claim(name=name, measured=measured, relation=relation, threshold=threshold, unit=unit, held=held)
