"""The images, built but not started."""

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.demo import ROOT, Demo
from support.docker import docker, require_docker

OVER_THE_BASE_BYTES = 60_000_000
TAG = "circuit-breaker-demo-test-images"
# of Debian and of python:3.13-slim: installers, compilers, test tools
UNWANTED = (
    r"find / -xdev -not -path '/usr/share/doc/*' \( -name pip -o -name 'pip[0-9]*' -o -name 'pip-*' -o -name ensurepip"
)
UNWANTED += (
    r" -o ! -type d -name '*gcc' -o ! -type d -name cc -o -name pytest -o -name _pytest -o -name mypy -o -name ruff \)"
)


@pytest.fixture
def tags() -> Iterator[list[str]]:
    """A list for the names of images that the test builds; they are removed afterwards."""
    require_docker()
    built: list[str] = []
    yield built
    for tag in built:
        docker("image", "rm", "--force", tag)


def build(demo: Demo, tags: list[str], target: str, *options: str) -> str:
    """Build an image from the test's copy of the project, and return its name."""
    tags.append(f"{TAG}:{target}-{len(tags)}")
    command = ("docker", "build", "--quiet", *options, "--target", target, "--tag", tags[-1], ".")
    status, _, err = demo.run(*command, within_s=400)
    assert status == 0, err
    return tags[-1]


@pytest.mark.slow
def test_two_builds_make_the_same_layers(demo: Demo, tags: list[str]) -> None:
    """Built anew from a checkout with other dates and permissions, an image has the same layers."""
    first = build(demo, tags, "api-gateway-v2", "--no-cache")
    for path in [demo.folder / "shopkit", *(demo.folder / "shopkit").rglob("*.py")]:
        path.touch()
        path.chmod(0o700 if path.is_dir() else 0o600)
    second = build(demo, tags, "api-gateway-v2", "--no-cache")
    layers = [docker("image", "inspect", "--format", "{{json .RootFS.Layers}}", image) for image in (first, second)]
    assert layers[0] == layers[1]


@pytest.mark.slow
@pytest.mark.parametrize("target", ["api-gateway-v2", "load"])
def test_image_holds_what_it_needs(demo: Demo, tags: list[str], tmp_path: Path, target: str) -> None:
    """An image is little larger than its base, says what it is, and holds the packages of its SBOM and no tools."""
    image = build(demo, tags, target)
    sizes = [int(docker("image", "inspect", "--format", "{{.Size}}", name)) for name in (image, "python:3.13-slim")]
    assert sizes[0] - sizes[1] < OVER_THE_BASE_BYTES

    labels = json.loads(docker("image", "inspect", "--format", "{{json .Config.Labels}}", image))
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert {name.removeprefix("org.opencontainers.image."): value for name, value in labels.items()} == {
        "title": target,
        "version": version,
        "licenses": "MIT",
        "base.name": "docker.io/library/python:3.13-slim",
    }

    inside = ("run", "--rm", "--network", "none", "--read-only", image)
    assert docker(*inside, "sh", "-c", f"{UNWANTED} 2> /dev/null || true") == ""
    names = "from importlib.metadata import distributions as d; print(*(x.name for x in d()))"
    packages = {_canonical(name) for name in docker(*inside, "python", "-c", names).split()}
    command = [sys.executable, str(ROOT / "requirements" / "sbom.py"), str(tmp_path / "sbom")]
    subprocess.run(command, check=True, timeout=200)  # noqa: S603 - our own
    components = json.loads((tmp_path / "sbom" / f"{target}.cdx.json").read_text())["components"]
    assert {_canonical(component["name"]) for component in components} == packages


def _canonical(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")
