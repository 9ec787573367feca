"""The exploration on the terminal: what today's settings do, the best points, and what matters."""

from rich.console import Console

from explore.choice import quietest_first, suggested
from explore.fleet_table import fleet_table
from explore.headline import headline, often
from explore.model import Exploration, Studied, Verification
from explore.replay_table import replay_table
from explore.verify.tables import all_table, each_table
from report.quantities import seconds
from report.table.model import Table
from report.table.terminal import rich_table

SHOWN = 12  # best points
OWN = "today's"


def print_exploration(console: Console, found: Exploration) -> None:
    """Print what a reader at the terminal wants to know."""
    console.print()
    console.print(headline(found), style="bold", highlight=False)
    console.print(rich_table(best_table(found)))
    console.print(f"A point to begin with: {_suggestion(found)}", highlight=False)
    console.print(rich_table(matters_table(found)))
    if found.fleets:
        console.print(rich_table(fleet_table(found.fleets)))
    if replays := replay_table(_shown(found)):
        console.print(rich_table(replays))


def print_verification(console: Console, found: Verification) -> None:
    """Print the model against the measurement."""
    console.print(rich_table(each_table(found)))
    console.print(rich_table(all_table(found)))


def best_table(found: Exploration) -> Table:
    """Return today's settings and the best points with the fewest false alarms, from the fastest to protect on."""
    rows = [_row(name, one) for name, one in _shown(found)]
    columns = (
        "",
        "false alarms",
        "protects after",
        "recovers after",
        "good refused",
        "calls/s to the sick",
        "settings",
    )
    return Table(
        f"{len(found.best)} of {len(found.tried)} points, tried in {seconds(found.search_s)}, are beaten by no other; "
        "those with the fewest false alarms",
        columns,
        rows,
    )


def matters_table(found: Exploration) -> Table:
    """Return how much of the variance of each measure goes with each setting, together with others."""
    names = list(found.matters[0].total) if found.matters else []
    rows = [[name, *(f"{one.total[name]:.0%}" for one in found.matters)] for name in names]
    return Table("Which settings matter", ["", *(one.measure for one in found.matters)], rows)


def _row(name: str, one: Studied) -> list[str]:
    does, is_none = one.does, one.does.false_alarms == 0
    alarms = "none" if is_none else often(does.false_alarms_per_day)
    return [
        name,
        alarms,
        _seconds(does.protect_s),
        _seconds(does.recover_s),
        f"{does.good_refused_share:.2%}",
        f"{does.sick_calls_per_s:.2g}",
        in_words(one),
    ]


def in_words(one: Studied) -> str:
    """Return the settings that decide, in few words."""
    chosen = one.settings
    said = [f"fail_max {chosen.fail_max}", f"slow {chosen.slow_call_s:g} s", f"cooldown {chosen.reset_timeout_s:g} s"]
    if chosen.trip_policy != "consecutive-failures":
        said.insert(0, f"{chosen.trip_policy} {chosen.failure_rate:.0%} of {chosen.window_calls}")
    return ", ".join(said)


def _suggestion(found: Exploration) -> str:
    points = [found.defaults, *quietest_first(found.best)]
    number = suggested(points)
    name = f"point {number}" if number else "today's settings"
    return f"{name} ({in_words(points[number])})"


def _seconds(value: float | None) -> str:
    return "not always" if value is None else f"{value:.2f} s"


def _shown(found: Exploration) -> list[tuple[str, Studied]]:
    """Return today's settings and the first of the best points, each with its name on the page."""
    points = [found.defaults, *quietest_first(found.best)]
    return [(str(number) if number else OWN, one) for number, one in enumerate(points[: SHOWN + 1])]
