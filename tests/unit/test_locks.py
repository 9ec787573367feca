"""The locks in requirements/, held against pyproject.toml and the installed packages' own requirements: no network."""

import tomllib
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from support.demo import ROOT

LOCKS = ROOT / "requirements"
RECOMPILE = "run: .venv/bin/python requirements/compile.py"


def test_every_group_has_a_lock() -> None:
    """There is one lock for each dependency group, and no other."""
    assert {lock.stem for lock in LOCKS.glob("*.txt")} == set(groups())


@pytest.mark.parametrize("lock", sorted(LOCKS.glob("*.txt")), ids=lambda lock: lock.stem)
def test_lock_holds_what_its_group_needs(lock: Path) -> None:
    """A lock pins a version of each package that its group needs here, one that pyproject.toml allows, and no other."""
    asked = {canonicalize_name(one.name): one for one in requirements_of(lock.stem)}
    pins = pinned(lock)
    assert set(pins) == everything(asked.values()), RECOMPILE
    refused = [str(one) for name, one in asked.items() if not one.specifier.contains(pins[name], prereleases=True)]
    assert refused == [], RECOMPILE


@pytest.mark.parametrize("lock", sorted(LOCKS.glob("*.txt")), ids=lambda lock: lock.stem)
def test_locks_agree(lock: Path) -> None:
    """A package has the same version in every lock."""
    assert pinned(lock).items() <= pinned(LOCKS / "dev.txt").items(), RECOMPILE


def groups() -> dict[str, list[str | dict[str, str]]]:
    """Return pyproject's dependency groups."""
    found: dict[str, list[str | dict[str, str]]] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
        "dependency-groups"
    ]
    return found


def requirements_of(group: str) -> list[Requirement]:
    """Return what a group asks for, with what it includes."""
    found = []
    for entry in groups()[group]:
        found += [Requirement(entry)] if isinstance(entry, str) else requirements_of(entry["include-group"])
    return found


def pinned(lock: Path) -> dict[str, str]:
    """Return the version of each package that a lock has for this Python and system."""
    lines = lock.read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line.rstrip(" \\")) for line in lines if line and not line.startswith((" ", "#"))]
    here = [pin for pin in pins if pin.marker is None or pin.marker.evaluate()]
    return {canonicalize_name(pin.name): str(pin.specifier).removeprefix("==") for pin in here}


def everything(asked: Iterable[Requirement]) -> set[str]:
    """Return the names of these packages and of all that they need, as installed in .venv."""
    left, found = list(asked), set()
    while left:
        requirement = left.pop()
        for extra in ("", *requirement.extras):
            name = canonicalize_name(requirement.name)
            if (name, extra) not in found:
                found.add((name, extra))
                left += [
                    needed
                    for needed in map(Requirement, metadata.requires(name) or ())
                    if needed.marker is None or needed.marker.evaluate({"extra": extra})
                ]
    return {name for name, _ in found}
