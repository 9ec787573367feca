"""The page, assembled. It has no scripts: its pictures are drawn here."""

from pathlib import Path

from experiment.results.whole_file import write_whole
from report.offline_page import TABLE, environment, inlined
from report.page.page import FOLDER as REPORT
from report.quantities import seconds
from report.verdict import shown
from storm.headline import headline
from storm.model import Storm
from storm.page.charts import BELOW, HEIGHT, WIDTH, charts
from storm.page.conditions import conditions
from storm.page.loop import loop_charts
from storm.table import ladder_table, loop_table

FOLDER = Path(__file__).parent
STYLES = (REPORT / "page.css", TABLE / "table.css", FOLDER / "storm.css")  # it looks as the report does


def write_page(path: Path, storm: Storm) -> None:
    """Write the page of a storm that has a run, whole or not."""
    write_whole(path, _page(storm))


def _page(storm: Storm) -> str:
    templates = environment(FOLDER)
    templates.globals.update(shown=shown, seconds=seconds)
    run = storm.runs[0]
    drawn = [(rung, found) for rung in storm.conditions.rungs if (found := run.rung(rung.name))]
    return templates.get_template("template.html").render(
        storm=storm,
        run=run,
        headline=headline(storm),
        rungs=[(rung, charts(run, found, storm.conditions)) for rung, found in drawn],
        size=(WIDTH, HEIGHT, BELOW),
        ladder=ladder_table(storm),
        loop=storm.loop and {"charts": loop_charts(storm.loop, storm.conditions), "table": loop_table(storm.loop)},
        conditions=conditions(storm),
        style=inlined(*STYLES),
    )
