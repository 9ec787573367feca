"""Tables in Markdown."""

from collections.abc import Iterable, Iterator

from report.table.model import Table


def markdown_lines(table: Table) -> Iterator[str]:
    """Yield the lines of a table, without its title."""
    yield _line(table.columns)
    yield _line("---" if number in table.text_columns else "---:" for number in range(len(table.columns)))
    yield from (_line(map(_escaped, row)) for row in table.rows)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(cell: str) -> str:
    return cell.replace("|", "\\|")
