"""Compile pyproject's dependency groups into hashed locks: `python requirements/compile.py [--upgrade | --check]`.

The versions of `dev`, which holds every package, constrain the other locks, so that all agree.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
LOCKS = ("dev", "bench", "demo", "gateway-v2", "gateway", "services", "load", "labs")


def compile_lock(group: str, folder: Path, *options: str) -> None:
    """Write `group`.txt in `folder`, which keeps the versions of the file that is there."""
    constraint = () if group == "dev" else ("--constraint", str(folder / "dev.txt"))
    command = ["uv", "pip", "compile", str(HERE.parent / "pyproject.toml"), "--group", group, *constraint, *options]
    command += ["--universal", "--generate-hashes", "--python-version", "3.11", "--no-header", "--quiet"]
    command += ["--no-annotate", "--output-file", str(folder / f"{group}.txt")]
    subprocess.run([sys.executable, "-m", *command], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own


def main(options: list[str]) -> int:
    """Write the locks, or with --check say which are stale."""
    if options != ["--check"]:
        for group in LOCKS:
            compile_lock(group, HERE, *options)
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        fresh = Path(temporary)
        for group in LOCKS:
            (fresh / f"{group}.txt").write_bytes((HERE / f"{group}.txt").read_bytes())
            compile_lock(group, fresh)
        stale = [g for g in LOCKS if (fresh / f"{g}.txt").read_bytes() != (HERE / f"{g}.txt").read_bytes()]
    if stale:
        print(f"stale: {', '.join(stale)}; run: .venv/bin/python requirements/compile.py")
    return 1 if stale else 0


sys.exit(main(sys.argv[1:]))
