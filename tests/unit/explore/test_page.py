"""explore.html, as a file."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from explore.headline import headline
from explore.model import Exploration
from explore.page import write_page
from explore.page.axes import axis
from explore.page.matters import sentences, summary
from explore.page.measured import MEASURES
from explore.page.page import FOLDER, SCRIPTS, STYLES
from explore.point import Point
from support.demo import ROOT
from support.explorations import HOSTILE, an_exploration

PARTS = [*STYLES, *SCRIPTS]
ANSWERS = """
import { answerFor, simulated } from "./explore/page/scripts/answers.js";
const { data, asked } = JSON.parse(await new Response(Deno.stdin.readable).text());
const answersAt = (at) => data.axes.map(({ name }) => answerFor(data, name, at));
console.log(JSON.stringify(asked.map((at) => [simulated(data, at) !== undefined, ...answersAt(at)])));
"""


@pytest.fixture
def found() -> Exploration:
    """An exploration whose texts try to break out of the page."""
    return an_exploration()


def written(found: Exploration, folder: Path) -> str:
    """Return the text of the page."""
    write_page(folder / "explore.html", found)
    return (folder / "explore.html").read_text(encoding="utf-8")


def data_of(page: str) -> dict[str, Any]:
    """Return what the page's scripts are given."""
    [text] = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    data: dict[str, Any] = json.loads(text)
    return data


@pytest.mark.parametrize("part", PARTS, ids=lambda path: path.name)
def test_inlined_file_does_not_close_its_element(part: Path) -> None:
    """No script or style names its own end tag, which would end it early."""
    assert not re.search(r"</(script|style)|<!--", part.read_text(encoding="utf-8"), re.IGNORECASE)


def test_scripts_are_all_there_and_in_order() -> None:
    """Every script in the folder is part of the page, and comes after those it imports."""
    names = [path.name for path in SCRIPTS]
    assert sorted(path for path in SCRIPTS if path.parent.parent == FOLDER) == sorted((FOLDER / "scripts").iterdir())
    for position, path in enumerate(SCRIPTS):
        imported = re.findall(r'from "[^"]*/([^"/]+\.js)"', path.read_text(encoding="utf-8"))
        assert set(imported) <= set(names[:position]), path


def test_no_text_of_the_data_breaks_out_of_its_element(found: Exploration, tmp_path: Path) -> None:
    """A translation that closes the script and opens another is still only a text."""
    page = written(found, tmp_path)
    assert "window.broken" in page
    assert "<script>window.broken" not in page
    assert data_of(page)["points"][0]["translations"][1]["text"].startswith(HOSTILE)


def test_page_is_self_contained_and_says_everything_without_scripts(found: Exploration, tmp_path: Path) -> None:
    """The statement, the picture and the table are in its markup, and it refers to no other file."""
    page = written(found, tmp_path)
    markup = page.split('<script type="application/json"')[0].replace("\N{NO-BREAK SPACE}", " ").replace("&#39;", "'")
    assert headline(found) in markup
    assert len(re.findall(r'<svg class="dot[^>]*data-point=', markup)) == len(found.best) + 1
    assert len(re.findall(r"<tr data-point=", markup)) == len(found.best) + 1
    assert re.findall(r"<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=\"(?!data:)", page) == []
    assert not re.search(r"^(import|export)\b", page, re.MULTILINE)


def test_command_has_the_traffic_in_words_that_the_command_line_takes(found: Exploration, tmp_path: Path) -> None:
    """It can be pasted as it is."""
    assert data_of(written(found, tmp_path))["command"] == (
        "python3 run_demo.py explore --rate 20 --latency p50=0.02s,p99=0.3s --errors 0.1% --deadline 2s"
    )


def test_zero_and_never_have_bands_of_their_own(found: Exploration) -> None:
    """A logarithm has no place for them; all other points stand between them, in their order."""
    drawn = axis(next(one for one in MEASURES if one.name == "false_alarms_per_day"), found.best)
    none = [place for place, one in zip(drawn.places, found.best, strict=True) if not one.does.false_alarms]
    others = sorted(
        (one.does.false_alarms_per_day, place)
        for place, one in zip(drawn.places, found.best, strict=True)
        if one.does.false_alarms
    )
    assert (set(none), drawn.none) == ({0.05}, "none seen")
    assert [place for _, place in others] == sorted(place for _, place in others)
    assert all(0.1 <= place <= 1 for _, place in others)
    assert all(0 <= place <= 1 for place, _ in drawn.ticks)


def test_sentences_name_what_matters_and_what_does_not(found: Exploration) -> None:
    """A setting under 5 % of a measure does not matter for it."""
    assert dict(sentences(found))["time to recover"] == (
        "reset_timeout_s matters most; trip_policy, fail_max, slow_call_s, failure_rate, slow_call_rate, window_calls, "
        "probes_to_close, ramp_s and max_concurrent do not"
    )
    assert summary(found) == (
        "What matters most for this traffic is fail_max, slow_call_s and reset_timeout_s; "
        "window_calls, probes_to_close, ramp_s and max_concurrent do not."
    )


def test_sliders_answer_only_where_the_nearest_points_agree(found: Exploration, tmp_path: Path) -> None:
    """A point that was tried answers for itself; for others, each answer is within the range of its neighbours."""
    data = data_of(written(found, tmp_path))
    tried = [one["at"] for one in data["tried"]]
    ramped = [[*at[:8], int(at[8] == 0), at[9]] for at in tried]  # a ramp matters for none of the measures
    crossed = [[*at[:2], *other[2:]] for at, other in zip(tried, reversed(tried), strict=True)]
    deno = [sys.executable, "-m", "deno", "eval", "--quiet", ANSWERS]
    given = json.dumps({"data": data, "asked": [tried[0], *ramped, *crossed]})
    done = subprocess.run(deno, cwd=ROOT, input=given, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    first, *others = json.loads(done.stdout)
    answers = [answer for _, *of_point in others for answer in of_point]
    about = [answer for answer in answers if answer["kind"] == "about"]
    assert first[0]
    assert {answer["kind"] for answer in answers} >= {"about", "again", "none"}
    assert all(answer["from"] - 1e-9 <= answer["value"] <= answer["to"] + 1e-9 for answer in about)
    assert all(answer["to"] <= max(1.5 * answer["from"], answer["from"] + 0.1) + 1e-9 for answer in about)


def test_setting_beyond_the_range_of_the_search_has_its_value(tmp_path: Path) -> None:
    """Today's settings are the user's, and may be anything."""
    data = data_of(written(an_exploration(own=Point(max_concurrent=500, fail_max=40)), tmp_path))
    own = {
        setting["name"]: setting["values"][at]
        for setting, at in zip(data["settings"], data["points"][0]["at"], strict=True)
    }
    assert (own["max_concurrent"], own["fail_max"], own["slow_call_s"]) == (500, 40, 0.5)
