"""A fleet as a table, for the terminal and the page."""

from collections.abc import Sequence

from explore.model import Fleet
from report.table.model import Table


def fleet_table(fleets: Sequence[Fleet]) -> Table:
    """Return what reaches the sick dependency, without jitter and with it."""
    columns = ("cooldown", "calls/s in the first second", "later, on average", "in the worst second")
    rows = [
        [
            f"{one.jitter:.0%} longer or shorter" if one.jitter else "always the same",
            f"{one.first_calls_per_s:,.0f}",
            f"{one.calls_per_s:,.1f}",
            f"{one.most_calls_per_s:,.0f}",
        ]
        for one in fleets
    ]
    return Table(
        f"{fleets[0].replicas:,} gateways, each with this traffic, while the dependency is sick", columns, rows
    )
