"""The files of the page."""

import re

from control_room.page import FILES

MOST_BYTES = 300_000
LOADED = [path for path in FILES.rglob("*") if path.is_file()]


def test_page_is_light() -> None:
    """All that a browser loads is under 300 KB."""
    assert sum(file.stat().st_size for file in LOADED) < MOST_BYTES


def test_page_names_no_other_host() -> None:
    """No file asks for anything from elsewhere; the namespace of SVG is a name, not an address."""
    for file in LOADED:
        text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|//[a-z]+\.", text), file.name


def test_page_has_no_script_or_style_in_it() -> None:
    """The content security policy lets none run; what stands in the document would be dead."""
    text = (FILES / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"<style|<script(?![^>]*src=)|\son[a-z]+=|\sstyle=", text)
