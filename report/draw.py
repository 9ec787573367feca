"""The files that people read, drawn from a report: the page, and a summary in Markdown."""

from collections.abc import Sequence
from pathlib import Path

from experiment.results.model import Report, read_report
from experiment.results.requests_file import RequestRow, read_requests
from report.markdown import write_summary
from report.page import write_page


def draw(file: Path, report: Report, rows: Sequence[RequestRow]) -> None:
    """Write the page and the summary next to a report's file."""
    write_page(file.with_suffix(".html"), report, rows)
    write_summary(file.with_name("summary.md"), report)


def redraw(file: Path) -> int:
    """`run_demo.py report FILE`: draw a report again; return 0.

    Raises:
        UsageError: The report or the file of its requests can't be read.
    """
    report = read_report(file)
    draw(file, report, read_requests(file.parent / report.requests_file))
    print(f"drawn: {file.with_suffix('.html')} and {file.with_name('summary.md')}")
    return 0
