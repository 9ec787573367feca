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
        ]
        for one in found.compared
    ]
    return Table("Model against measurement", ("trial", "", "measured", "model", "95 % of its runs", "error"), rows)


def all_table(found: Verification) -> Table:
    """Return how well the model does with each quantity."""
    rows = [
        [
            QUANTITIES[one.quantity],
            str(one.compared),
            f"{one.median_error:.1%}",
            "" if one.rank_correlation is None else f"{one.rank_correlation:.2f}",
            f"{one.inside} of {one.compared}",
        ]
        for one in found.agreements
    ]
    return Table("All trials", ("", "compared", "median error", "rank correlation", "inside the 95 %"), rows)
