"""The tables in docs/ say what the code says."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from benchmarks.under_test.registry import RUNGS
from storefront.settings import GatewaySettings
from support.settings import SETTINGS, variables_of

ROOT = Path(__file__).resolve().parents[2]
GATEWAYS = "Both gateways"


def documented(section: str) -> dict[str, str]:
    """Return the rows of one section of docs/settings.md."""
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    body = text.split(f"## {section}\n")[1].split("\n## ")[0]
    return dict(re.findall(r"^\| ([A-Z0-9_]+) \| (\S*) ?\|", body, flags=re.MULTILINE))


@pytest.mark.parametrize("service", SETTINGS)
def test_every_setting_is_documented_with_its_default(service: str) -> None:
    """docs/settings.md lists the settings of each service, no more and no less, with the defaults of the code."""
    rows = documented("Every service") | documented(service)
    if issubclass(SETTINGS[service], GatewaySettings):
        rows |= documented(GATEWAYS)
    assert rows == variables_of(SETTINGS[service])


def test_every_package_has_its_reason() -> None:
    """docs/dependencies.md names every package that pyproject.toml asks for, and no other."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    asked = {re.split(r"[<>=~!]", entry)[0] for group in groups.values() for entry in group if isinstance(entry, str)}
    table = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([a-z][^|]*) \| [a-z]", table, flags=re.MULTILINE)
    assert {name for row in rows for name in row.split(", ")} - {"package"} == asked


def test_every_rung_is_documented() -> None:
    """docs/gateways-under-test.md lists the rungs in their order."""
    text = (ROOT / "docs" / "gateways-under-test.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([a-z-]+)` \|", text, flags=re.MULTILINE) == [rung.name for rung in RUNGS]


def test_readme_shows_the_difference_between_the_gateways() -> None:
    """The README prints what `diff` says of the two app.py, which fits on half a screen."""
    apps = [f"api-gateway-{v}/api_gateway_{v}/app.py" for v in ("v1", "v2")]
    difference = subprocess.run(["diff", *apps], cwd=ROOT, capture_output=True, text=True, check=False).stdout  # noqa: S603, S607 - our own files, the system's diff

    assert f"```diff\n{difference}```" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(difference.splitlines()) <= 24
    assert max(map(len, difference.splitlines())) <= 88


def test_every_test_of_the_robustness_table_exists() -> None:
    """docs/robustness.md names only tests that there are."""
    named = re.findall(r"(tests/\S+\.py)::(\w+)", (ROOT / "docs" / "robustness.md").read_text(encoding="utf-8"))
    missing = [f"{file}::{name}" for file, name in named if f"def {name}(" not in _text_of(ROOT / file)]

    assert len(named) > 50
    assert missing == []


def _text_of(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""
