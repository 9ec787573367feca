"""The page, assembled: template, styles, scripts, and the data of every point."""

from collections.abc import Sequence
from dataclasses import asdict
from operator import itemgetter
from pathlib import Path

from experiment.results.whole_file import write_whole
from explore.choice import quietest_first, suggested
from explore.fleet_table import fleet_table
from explore.headline import headline
from explore.model import Does, Exploration, Settings, Studied
from explore.page import matters
from explore.page.axes import Axis, axis
from explore.page.conditions import command, conditions, traffic
from explore.page.measured import FEW, MEASURES
from explore.page.promise import MOST_BUSY, refusal
from explore.page.settings import Setting, settings_of
from explore.replay_table import replay_table
from explore.space import NOT_USED
from explore.terminal import in_words
from explore.verify.tables import all_table, each_table
from report.offline_page import TABLE, environment, inlined, script
from report.page.page import FOLDER as REPORT

FOLDER = Path(__file__).parent
STYLES = (REPORT / "page.css", TABLE / "table.css", FOLDER / "explore.css")  # it looks as the report does
SCRIPTS = (  # in the order in which they need each other
    REPORT / "scripts" / "quantities.js",
    *(
        FOLDER / "scripts" / name
        for name in (
            "data.js",
            "state.js",
            "answers.js",
            "words.js",
            "copying.js",
            "picture.js",
            "points.js",
            "chosen.js",
            "sliders.js",
            "page.js",
        )
    ),
)
ACROSS, UP = "protect_s", "false_alarms_per_day"  # the axes at first
OWN = "today's"


def write_page(path: Path, found: Exploration) -> None:
    """Write the page of an exploration."""
    write_whole(path, _page(found))


def _page(found: Exploration) -> str:
    points = [found.defaults, *quietest_first(found.best)]
    axes = [axis(measured, points) for measured in MEASURES]
    return (
        environment(FOLDER)
        .get_template("template.html")
        .render(
            found=found,
            headline=headline(found),
            traffic=traffic(found),
            measures=MEASURES,
            points=[(_title(number), one, in_words(one)) for number, one in enumerate(points)],
            axes=axes,
            chosen={"across": ACROSS, "up": UP},
            matters=matters,
            conditions=conditions(found),
            replays=replay_table([(_title(number), one) for number, one in enumerate(points)]),
            fleets=fleet_table(found.fleets) if found.fleets else None,
            verification=found.verification,
            most_busy=MOST_BUSY,
            verified=found.verification and [all_table(found.verification), each_table(found.verification)],
            data=_data(found, points, axes),
            style=inlined(*STYLES),
            scripts=[script(path) for path in SCRIPTS],
        )
    )


def _title(number: int) -> str:
    return str(number) if number else OWN


def _data(found: Exploration, points: Sequence[Studied], axes: Sequence[Axis]) -> dict[str, object]:
    """Return what the scripts show and calculate with."""
    settings = settings_of(found)
    return {
        "points": [_point(_title(number), one, settings) for number, one in enumerate(points)],
        "suggested": suggested(points),
        "across": ACROSS,
        "up": UP,
        "axes": [asdict(one) for one in axes],
        "settings": [asdict(setting) for setting in settings],
        "unused": NOT_USED,
        "tried": [
            {"at": _at(one.settings, settings), "does": one.does.model_dump(), **_said(one.does)} for one in found.tried
        ],
        "weights": _weights(found, settings),
        "rate_per_s": found.traffic.rate_per_s,
        "minimum_calls": found.defaults.settings.minimum_calls,
        "few": FEW,
        "refusals": [refusal(found.verification, found.traffic.rate_per_s * factor) for factor in _factors(found)],
        "command": command(found),
    }


def _point(title: str, one: Studied, settings: Sequence[Setting]) -> dict[str, object]:
    rates = sorted([(1.0, one.does), *((rate.factor, rate.does) for rate in one.at_rates)], key=itemgetter(0))
    return {
        "title": title,
        "at": _at(one.settings, settings),
        **_said(one.does),
        "rates": [{"factor": factor, **_said(does)} for factor, does in rates],
        "translations": [translated.model_dump() for translated in one.translations],
    }


def _factors(found: Exploration) -> list[float]:
    return sorted([1.0, *(rate.factor for rate in found.defaults.at_rates)])


def _at(point: Settings, settings: Sequence[Setting]) -> list[int]:
    return [setting.index(point) for setting in settings]


def _said(does: Does) -> dict[str, dict[str, str]]:
    return {"said": {measured.name: measured.text(does) for measured in MEASURES}}


def _weights(found: Exploration, settings: Sequence[Setting]) -> dict[str, list[float]]:
    """Return how much each setting matters for each measure; all alike for a measure that does not vary."""
    totals = {one.measure: one.total for one in found.matters}
    return {
        measured.name: [max(0.0, totals.get(measured.name, {}).get(setting.name, 1.0)) for setting in settings]
        for measured in MEASURES
    }
