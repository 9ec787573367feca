"""Write docs/licences.md, from what is installed in .venv: `python requirements/licences.py`. No network."""

import json
import subprocess
import sys
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "licences.md"
LOCKS = ("demo.txt", "tracing.txt", "fleet.txt")
HEAD = """# Licences of the packages

The licence that each package states in its own metadata, for all packages that `python3 run_demo.py` installs, traces
and fleet included. Those of the images are among them. The project itself is under the [MIT licence](../LICENSE),
Apache ECharts in vendor/echarts under Apache-2.0. `.venv/bin/python requirements/licences.py` writes this page.

| package | version | licence |
|---|---|---|
"""


def rows() -> dict[str, str]:
    """Return the row of each package of LOCKS that is installed here, by name."""
    command = [sys.executable, "-m", "piplicenses", "--from=mixed", "--format=json", "--packages", *sorted(_locked())]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)  # noqa: S603 - our own
    named = {canonicalize_name(package["Name"]): package for package in found}
    return {name: f"| {name} | {named[name]['Version']} | {named[name]['License']} |" for name in sorted(named)}


def _locked() -> set[str]:
    lines = [line for lock in LOCKS for line in (HERE / lock).read_text(encoding="utf-8").splitlines()]
    return {Requirement(line.rstrip(" \\")).name for line in lines if line and not line.startswith((" ", "#"))}


if __name__ == "__main__":
    PAGE.write_text(HEAD + "".join(f"{row}\n" for row in rows().values()), encoding="utf-8")
