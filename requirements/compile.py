"""Compile pyproject's dependency groups into hashed locks: `python requirements/compile.py [--upgrade]`.

The versions of `dev`, which holds every package, constrain the other locks, so that all agree.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
LOCKS = (
    "dev",
    "mesh",
    "bench",
    "explore",
    "demo",
    "gateway-v2",
    "gateway",
    "services",
    "tracing",
    "fleet",
    "load",
    "labs",
)


def compile_lock(group: str, *options: str) -> None:
    """Write `group`.txt; it keeps the versions of the file that is there."""
    constraint = () if group == "dev" else ("--constraint", str(HERE / "dev.txt"))
    command = ["uv", "pip", "compile", str(HERE.parent / "pyproject.toml"), "--group", group, *constraint, *options]
    command += ["--universal", "--generate-hashes", "--python-version", "3.11", "--no-header", "--quiet"]
    command += ["--no-annotate", "--output-file", str(HERE / f"{group}.txt")]
    subprocess.run([sys.executable, "-m", *command], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own


for group in LOCKS:
    compile_lock(group, *sys.argv[1:])
