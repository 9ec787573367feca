"""matrix.html, as a file."""

import re
from pathlib import Path

import pytest

from matrix.page import write_page
from matrix.page.page import FOLDER, SCRIPTS, STYLES
from support.matrices import a_matrix


@pytest.mark.parametrize(
    "part", [*STYLES, *(FOLDER / "scripts" / name for name in SCRIPTS)], ids=lambda path: path.name
)
def test_inlined_file_does_not_close_its_element(part: Path) -> None:
    """No script or style names its own end tag, which would end it early."""
    assert not re.search(r"</(script|style)|<!--", part.read_text(encoding="utf-8"), re.IGNORECASE)


def test_scripts_are_all_there_and_in_order() -> None:
    """Every script in the folder is part of the page, and comes after those it imports."""
    assert sorted(SCRIPTS) == sorted(path.name for path in (FOLDER / "scripts").iterdir())
    for position, name in enumerate(SCRIPTS):
        imported = re.findall(r'from "\./([^"]+)"', (FOLDER / "scripts" / name).read_text(encoding="utf-8"))
        assert set(imported) <= set(SCRIPTS[:position]), name


def test_page_is_self_contained(tmp_path: Path) -> None:
    """No element refers to another file or address, and no module is left."""
    write_page(tmp_path / "matrix.html", a_matrix())
    page = (tmp_path / "matrix.html").read_text(encoding="utf-8")
    assert re.findall(r"<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=\"(?!data:)", page) == []
    assert not re.search(r"^(import|export)\b", page, re.MULTILINE)
