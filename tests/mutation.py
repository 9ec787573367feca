"""Test the tests of the guard: `.venv/bin/python tests/mutation.py`. docs/mutation-testing.md explains the result.

mutmut derives a module's name from its path, which a folder with a hyphen breaks. It therefore runs in mutants/, where
the folder api-gateway-v2 is called src.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
STAGE = ROOT / "mutants"
COPIED = ("pyproject.toml", "tests", "shopkit", "product-service", "recommendations-service", "api-gateway-v1")
LINKS = {"src": "api-gateway-v2", "control-room": "control-room", **{name: name for name in COPIED}}
LEAST_SCORE = 0.96


def main() -> int:
    """Run mutmut, print the survivors and the score, and return 1 if the score is too low."""
    shutil.rmtree(STAGE, ignore_errors=True)  # mutmut would keep verdicts that newer tests change
    STAGE.mkdir()
    for link, target in LINKS.items():
        (STAGE / link).symlink_to(ROOT / target)
    _mutmut("run")
    _mutmut("results")
    _mutmut("export-cicd-stats")
    stats = json.loads((STAGE / "mutants" / "mutmut-cicd-stats.json").read_text())
    caught = stats["killed"] + stats["timeout"]
    score = caught / stats["total"]
    print(f"{caught} of {stats['total']} mutants caught: {score:.1%}")
    return 0 if score >= LEAST_SCORE else 1


def _mutmut(command: str) -> None:
    subprocess.run([sys.executable, "-m", "mutmut", command], cwd=STAGE, check=True)  # noqa: S603 - our own


if __name__ == "__main__":
    sys.exit(main())
