"""What several runs of the same plan say together."""

from experiment.results.model.part import Part


class MetricSpread(Part):
    """One headline number over the runs of --repeat."""

    name: str
    gateway: str
    unit: str
    median: float | None
    """null where no run had it; min and max alike"""
    min: float | None
    max: float | None
    values: list[float | None]
    """one for each run, in their order"""


class Repeat(Part):
    """What --repeat adds: the report itself is of the last run."""

    runs: list[str]
    """folders of the runs, beside this file"""
    claims_held: list[bool]
    """one for each run: whether all of its claims held"""
    spreads: list[MetricSpread]
