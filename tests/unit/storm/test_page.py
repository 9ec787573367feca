"""storm.html, as a file."""

import re
from pathlib import Path

import pytest

from storm.ladder import BREAKER, UNPROTECTED
from storm.page import write_page
from storm.page.page import STYLES
from support.storms import a_run, a_rung_run, a_storm


@pytest.mark.parametrize("part", STYLES, ids=lambda path: path.name)
def test_inlined_style_does_not_close_its_element(part: Path) -> None:
    """No style names its own end tag, which would end it early."""
    assert not re.search(r"</style|<!--", part.read_text(encoding="utf-8"), re.IGNORECASE)


def test_page_is_self_contained(tmp_path: Path) -> None:
    """No element refers to another file or address, and there is no script."""
    write_page(tmp_path / "storm.html", a_storm())
    page = (tmp_path / "storm.html").read_text(encoding="utf-8")
    assert re.findall(r"<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=\"(?!data:)", page) == []
    assert "<script" not in page


def test_page_says_first_which_claim_does_not_hold(tmp_path: Path) -> None:
    """Before the result."""
    write_page(tmp_path / "storm.html", a_storm(a_run(1, a_rung_run(BREAKER.name))))
    page = (tmp_path / "storm.html").read_text(encoding="utf-8")
    assert page.index("DOES NOT HOLD: with the breaker") < page.index("The cause was gone")
    assert "not well again, either" in page


def test_picture_leaves_out_what_is_not_known(tmp_path: Path) -> None:
    """A stopped dependency has no bars, and each second that is known has one."""
    write_page(tmp_path / "storm.html", a_storm())
    page = (tmp_path / "storm.html").read_text(encoding="utf-8")
    article = page[page.index(f'id="rung-{UNPROTECTED.name}"') : page.index('id="rung-backoff"')]
    found = re.search(r'class="calls" d="([^"]*)"', article)
    assert found
    assert found[1].count("M") == 36
