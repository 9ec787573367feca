"""A fleet as a table, for the terminal and the page."""

from collections.abc import Sequence

from explore.model import Fleet
from report.quantities import seconds
from report.table.model import Table


def fleet_table(fleets: Sequence[Fleet]) -> Table:
    """Return what reaches the sick dependency, and what comes when it has healed, without jitter and with it."""
    columns = (
        "cooldown",
        "calls/s in the first second",
        "later, on average",
        "in the worst second",
        "healed: steepest rise",
        "until all are CLOSED",
    )
    rows = [
        [
            f"{one.jitter:.0%} longer or shorter" if one.jitter else "always the same",
            f"{one.first_calls_per_s:,.0f}",
            f"{one.calls_per_s:,.1f}",
            f"{one.most_calls_per_s:,.0f}",
            f"{one.rise_per_s:,.0f}",
            "over a minute" if one.closed_s is None else seconds(one.closed_s),
        ]
        for one in fleets
    ]
    return Table(f"{fleets[0].replicas:,} gateways, each with this traffic, in the fault and after it", columns, rows)
