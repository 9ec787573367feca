"""One table, shown in three places."""

import io
from pathlib import Path

from rich.console import Console

from report.offline_page import environment
from report.table.markdown import markdown_lines
from report.table.model import Table
from report.table.terminal import rich_table

TABLE = Table("Prices", ["", "note", "v1"], [["a", "[red]x|y[/]", "1"], ["b", "<b>", "22"]], text_columns=(0, 1))


def test_terminal_aligns_figures_right_and_prints_cells_as_they_are() -> None:
    """The terminal shows the title, aligns figures right, and takes no markup from a cell."""
    out = io.StringIO()
    Console(file=out, width=60).print(rich_table(TABLE))
    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    assert lines[0] == "Prices"
    assert "│ a │ [red]x|y[/] │  1 │" in lines


def test_terminal_styles_cells_by_their_first_word() -> None:
    """A cell that begins with a styled word is styled, and no other."""
    out = io.StringIO()
    table = Table("", ["", "change"], [["a", "worse (2 x)"], ["b", "not worse"]])
    Console(file=out, width=60, force_terminal=True, color_system="standard").print(rich_table(table, {"worse": "red"}))
    assert "\x1b[31mworse (2 x)\x1b[0m" in out.getvalue()
    assert "\x1b[31mnot" not in out.getvalue()


def test_markdown_aligns_columns_and_escapes_bars() -> None:
    """A bar in a cell does not begin a new column."""
    assert list(markdown_lines(TABLE)) == [
        "|  | note | v1 |",
        "| --- | --- | ---: |",
        r"| a | [red]x\|y[/] | 1 |",
        "| b | <b> | 22 |",
    ]


def test_page_escapes_cells_and_marks_columns_of_text(tmp_path: Path) -> None:
    """Any template can import the table: its cells are never markup, and its text columns have a class."""
    (tmp_path / "page.html").write_text('{% from "table.html" import table %}{{ table(one) }}')
    html = " ".join(environment(tmp_path).get_template("page.html").render(one=TABLE).split())
    assert '<th scope="row">b</th> <td class="text">&lt;b&gt;</td> <td>22</td>' in html
    assert '<th scope="col" class="text">note</th>' in html
