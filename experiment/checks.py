"""`run_demo.py test`: formatting, lint, types, locks, and every test."""

import subprocess
import sys
from collections.abc import Sequence

from experiment.setup import ROOT

CHECKS = {
    "format": ("ruff", "format", "--check", "."),
    "lint": ("ruff", "check", "."),
    "types": ("mypy",),
    "locks": ("requirements/compile.py", "--check"),
    "tests": ("pytest",),
}


def check(pytest_arguments: Sequence[str]) -> int:
    """Run everything, or only pytest with the given arguments; return 0 when all passed, else 1."""
    if pytest_arguments:
        return 1 if _run("pytest", *pytest_arguments) else 0
    failed = [name for name, command in CHECKS.items() if _run(*command, title=name)]
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed", flush=True)
    return 1 if failed else 0


def _run(program: str, *arguments: str, title: str = "") -> int:
    if title:
        print(f"== {title}: {program} {' '.join(arguments)}", flush=True)
    how = [program] if program.endswith(".py") else ["-m", program]
    return subprocess.run([sys.executable, *how, *arguments], cwd=ROOT, check=False).returncode  # noqa: S603 - our own
