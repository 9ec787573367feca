"""What the run set out to show, and the counts that were compared."""

from typing import Literal

from experiment.results.model.part import Part


class AccountCheck(Part):
    """One count, made twice: by the one who asked, and by the service that was asked."""

    what: str
    caller: int
    """as the one who asked counted: the load generator, or a gateway"""
    service: int | None
    """as the one who was asked counted; null: it could not be read"""
    tolerance: int
    """requests that the caller gave up on, which the service may or may not have got to by then"""
    held: bool | None
    """caller <= service <= caller + tolerance; null where it could not be read"""


class Claim(Part):
    """One statement that the run set out to show."""

    name: str
    measured: float | None
    """null: it never happened"""
    relation: Literal["=", "<=", ">="]
    threshold: float
    unit: str
    held: bool
