"""The lint of our style sheets. What a property is, and what it may be, the browser knows best."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest
import tinycss2
from playwright.sync_api import Page
from tinycss2.ast import AtRule, Declaration, Node, QualifiedRule

from support.browser import NewPage

ROOT = Path(__file__).parents[2]
OTHERS = {"vendor", "results", ".venv"}  # not ours, or made
WITHIN = {"media"}  # at-rules that hold rules
SHEETS = sorted(path for path in ROOT.rglob("*.css") if path.relative_to(ROOT).parts[0] not in OTHERS)

Found = tuple[str, str, list[Declaration]]  # the media, the selector, and what is declared


@pytest.fixture(params=SHEETS, ids=lambda path: str(path.relative_to(ROOT)))
def sheet(request: pytest.FixtureRequest) -> list[Found]:
    """Every rule of a style sheet."""
    text = request.param.read_text("utf-8")
    return list(rules(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)))


def rules(nodes: Iterable[Node], media: str = "") -> Iterator[Found]:
    """Yield the rules of these nodes, and of the media queries among them."""
    for node in nodes:
        assert node.type != "error", node
        if isinstance(node, AtRule) and node.lower_at_keyword in WITHIN:
            yield from rules(content_of(node), tinycss2.serialize(node.prelude).strip())
        elif isinstance(node, QualifiedRule):
            selector = re.sub(r"\s+", " ", tinycss2.serialize(node.prelude).strip())
            content = content_of(node)
            declared = [one for one in content if isinstance(one, Declaration)]
            assert declared == content, selector
            yield media, selector, declared


def content_of(node: AtRule | QualifiedRule) -> Sequence[Node]:
    """Return what stands between the braces."""
    return tinycss2.parse_blocks_contents(node.content or (), skip_comments=True, skip_whitespace=True)


def test_browser_knows_every_declaration(sheet: list[Found], new_page: NewPage) -> None:
    """A property or a value that is misspelt would be dropped without a word."""
    declared = [[one.name, tinycss2.serialize(one.value).strip()] for _, _, found in sheet for one in found]
    page: Page = new_page("about:blank")
    unknown = page.evaluate("all => all.filter(([name, value]) => !CSS.supports(name, value))", declared)
    assert unknown == []


def test_no_rule_says_a_thing_twice(sheet: list[Found]) -> None:
    """Of two declarations of a property in one rule, the first is dead."""
    for _, selector, declared in sheet:
        twice = [name for name, count in Counter(one.name for one in declared).items() if count > 1]
        assert twice == [], selector


def test_no_selector_has_two_rules(sheet: list[Found]) -> None:
    """What is said of a selector stands in one place, for each medium."""
    twice = [found for found, count in Counter((media, selector) for media, selector, _ in sheet).items() if count > 1]
    assert twice == []


@pytest.mark.parametrize("folder", sorted({path.parent for path in SHEETS}), ids=lambda path: path.name)
def test_every_variable_is_defined(folder: Path) -> None:
    """A page's style sheets use only variables that they define: to the browser, any other is as good as invalid."""
    text = "".join(path.read_text("utf-8") for path in sorted(folder.glob("*.css")))
    assert set(re.findall(r"var\((--[\w-]+)", text)) - set(re.findall(r"(--[\w-]+):", text)) == set()
