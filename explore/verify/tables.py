"""The verification as tables, for the terminal and the page."""

from explore.model import Verification
from explore.verify.verified import QUANTITIES
from report.table.model import Table


def each_table(found: Verification) -> Table:
    """Return every quantity of every trial."""
    rows = [
        [
            str(one.trial),
            QUANTITIES[one.quantity],
            f"{one.measured:.3g}",
            f"{one.expected:.3g}",
            f"{one.low:.3g} to {one.high:.3g}",
            f"{one.error:.0%}" if one.is_inside else f"{one.error:.0%}, outside",
            f"{one.repeated:.3g}",
            f"{one.repeated_error:.0%}",
        ]
        for one in found.compared
    ]
    return Table(
        "Model against measurement",
        ("trial", "", "measured", "model", "95 % of its runs", "error", "same pages", "error"),
        rows,
    )


def all_table(found: Verification) -> Table:
    """Return how well the model does with each quantity."""
    rows = [
        [
            QUANTITIES[one.quantity],
            str(one.compared),
            f"{one.median_error:.1%}",
            _correlation(one.rank_correlation),
            f"{one.inside} of {one.compared}",
            f"{one.repeated_median_error:.1%}",
            _correlation(one.repeated_rank_correlation),
        ]
        for one in found.agreements
    ]
    columns = ("", "compared", "median error", "rank", "inside the 95 %", "same pages: median error", "rank")
    return Table("All trials", columns, rows)


def _correlation(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
