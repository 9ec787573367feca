"""Ask a database of advisories about every locked package: `python requirements/audit.py [--osv-url URL]`.

Exit status 0: it knows of none. 1: it knows of some. 3: it could not be asked, so nothing is known.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

HERE = Path(__file__).parent
LOCK = HERE / "dev.txt"  # which holds every package, in the versions of all locks
NONE, SOME, UNKNOWN = 0, 1, 3


def audit(options: list[str]) -> int:
    """Print each advisory, or why there is no answer; return the exit status."""
    with TemporaryDirectory() as cache:  # an answer of another day is no answer
        command = [sys.executable, "-m", "pip_audit", "--requirement", str(LOCK), "--require-hashes", "--disable-pip"]
        command += ["--vulnerability-service", "osv", "--format", "json", "--progress-spinner", "off"]
        done = subprocess.run([*command, "--cache-dir", cache, *options], capture_output=True, text=True, check=False)  # noqa: S603 - our own
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        print(
            f"could not look for advisories: {(done.stderr.strip().splitlines() or ['no answer'])[-1]}", file=sys.stderr
        )
        return UNKNOWN
    return _show(packages)


def _show(packages: list[dict[str, Any]]) -> int:
    skipped = [package for package in packages if "skip_reason" in package]
    found = [(package, advisory) for package in packages for advisory in package.get("vulns", ())]
    for package in skipped:
        print(f"could not look for {package['name']}: {package['skip_reason']}", file=sys.stderr)
    for package, advisory in found:
        fixed = ", ".join(advisory["fix_versions"]) or "no version"
        print(f"{package['name']} {package['version']}: {advisory['id']}, fixed in {fixed}")
    print(f"{len(packages) - len(skipped)} packages asked for, {len(found)} advisories")
    return SOME if found else UNKNOWN if skipped or not packages else NONE


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--osv-url", metavar="URL", help="a copy of the database; default: that of OSV")
    url = parser.parse_args().osv_url
    sys.exit(audit(["--osv-url", url] if url else []))
