"""What the points had done with a log, as a table for the terminal and the page."""

from collections.abc import Sequence

from explore.model import Replay, Studied
from report.table.model import Table


def replay_table(named: Sequence[tuple[str, Studied]]) -> Table | None:
    """Return the replays of these points; None where the traffic is not from a log."""
    replays = [(name, one.replay) for name, one in named if one.replay]
    if not replays:
        return None
    calls = replays[0][1].calls
    columns = ("point", "trips", "refused, and had succeeded", "spared, and had failed or been late")
    return Table(f"With the first {calls:,} calls of the log", columns, [_row(name, one) for name, one in replays])


def _row(name: str, one: Replay) -> list[str]:
    return [name, *map(_between, (one.trips, one.good_refused, one.bad_spared))]


def _between(bounds: tuple[int, int]) -> str:
    least, most = bounds
    return f"{least:,}" if least == most else f"{least:,} to {most:,}"
