"""Write a CycloneDX SBOM of each image from its lock: `python requirements/sbom.py FOLDER`. No network.

It names the Python packages and their hashes, and is the same each time. What the base image brings is not in it.
"""

import subprocess
import sys
from pathlib import Path

from packaging.requirements import Requirement

HERE = Path(__file__).parent
IMAGES = {  # the lock of each image; Dockerfile has the same
    "product-service": "services",
    "recommendations-service": "services",
    "api-gateway-v1": "gateway",
    "api-gateway-v2": "gateway-v2",
    "control-room": "gateway",
    "load": "load",
}
NOT_IN = {"load": {"pytest", "iniconfig", "pluggy", "pygments"}}  # Locust's plugin for pytest; Dockerfile has the same
PLATFORM = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_python_implementation": "CPython",
    "platform_system": "Linux",
    "python_full_version": "3.13.0",
    "python_version": "3.13",
    "sys_platform": "linux",
}


def write_sbom(image: str, folder: Path) -> None:
    """Write `image`.cdx.json."""
    command = [sys.executable, "-W", "ignore", "-m", "cyclonedx_py", "requirements", "-"]
    command += ["--pyproject", str(HERE.parent / "pyproject.toml"), "--output-reproducible", "--short-PURLs"]
    command += ["--no-validate"]  # the tool against its own schema, for a minute
    command += ["--output-file", str(folder / f"{image}.cdx.json")]
    done = subprocess.run(command, input="\n".join(lines_of(image)), capture_output=True, text=True, check=False)  # noqa: S603 - our own
    if done.returncode:
        sys.exit(done.stderr)


def lines_of(image: str) -> list[str]:
    """Return the requirements of an image, with their hashes, each on one line."""
    text = (HERE / f"{IMAGES[image]}.txt").read_text(encoding="utf-8").replace(" \\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#") and _is_in(image, line)]


def _is_in(image: str, line: str) -> bool:
    asked = Requirement(line.partition(" --hash")[0])
    here = asked.marker is None or asked.marker.evaluate(dict(PLATFORM))
    return here and asked.name not in NOT_IN.get(image, ())


def main(arguments: list[str]) -> int:
    """Write all of them; return the exit status."""
    if len(arguments) != 1:
        print("usage: python requirements/sbom.py FOLDER", file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        print(f"cannot write to {folder}: {error.strerror}", file=sys.stderr)
        return 2
    for image in IMAGES:
        write_sbom(image, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
