"""The commands that the documents tell their reader to type."""

import re
import shlex
from collections.abc import Iterable
from pathlib import Path

from demo import cli
from support.demo import ROOT

BASH_BLOCK = re.compile(r"```bash\n(.*?)```", re.DOTALL)
RUN_DEMO = re.compile(r"(?:[A-Z_]+=\S+ )*python3 run_demo\.py(?P<arguments>.*)")
PROJECT = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))
LABS = (ROOT / "labs" / "README.md", *sorted(ROOT.glob("labs/*/README.md")))


def blocks(documents: Iterable[Path]) -> list[str]:
    """Return every block of commands."""
    return [block for document in documents for block in BASH_BLOCK.findall(document.read_text(encoding="utf-8"))]


def commands(blocks: Iterable[str]) -> list[str]:
    """Return the lines of the blocks, without comments."""
    return [line for block in blocks for line in block.splitlines() if line and not line.startswith("#")]


def check_run_demo(command: str) -> bool:
    """Return whether this is a command of run_demo.py, after parsing it.

    Raises:
        UsageError: run_demo.py rejects it.
        AssertionError: it names a test that does not exist.
    """
    found = RUN_DEMO.fullmatch(command)
    if not found:
        return False
    arguments = shlex.split(found["arguments"])
    if not arguments or arguments[0].startswith("-"):
        arguments = ["compare", *arguments]
    parsed = cli._parser().parse_args(arguments)
    paths = [Path(word) for word in getattr(parsed, "pytest", []) if word.partition("/")[0] in {"tests", "labs"}]
    assert all((ROOT / path).exists() for path in paths), command
    return True
