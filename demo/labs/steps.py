"""What a lab does, step by step, and what each step is expected to show: labs/NAME/steps.toml."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from experiment.paths import ROOT

LABS = ROOT / "labs"
ADDRESS = re.compile(r"127\.0\.0\.1:(8080|8081)")  # where the documents have A and B


class State(StrEnum):
    """What becomes of service A before a step."""

    UP = "up"
    HANGING = "hanging"  # the process is there, its connections are accepted, and nothing is answered
    STOPPED = "stopped"  # nobody listens


@dataclass(frozen=True, slots=True)
class Step:
    """One command for a terminal; `...` in what it is expected to bring stands for anything."""

    title: str
    service_a: State
    run: str
    status: int
    answer: str
    log_a: Sequence[str] = ()
    log_b: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Lab:
    """A lab's folder, its one lesson, and its steps."""

    folder: Path
    lesson: str
    steps: Sequence[Step]


def load(name: str, port_a: int = 8080, port_b: int = 8081) -> Lab:
    """Return the lab, with its services on these ports."""
    folder = LABS / name
    ports = {"8080": port_a, "8081": port_b}
    text = (folder / "steps.toml").read_text(encoding="utf-8")
    document = tomllib.loads(ADDRESS.sub(lambda match: f"127.0.0.1:{ports[match[1]]}", text))
    return Lab(folder, document["lesson"], [_step(fields) for fields in document["step"]])


def _step(fields: Mapping[str, object]) -> Step:
    stripped = {name: value.strip() if isinstance(value, str) else value for name, value in fields.items()}
    return Step(**stripped | {"service_a": State(str(fields["service_a"]))})  # type: ignore[arg-type]  # the file's own


def matches(pattern: str, text: str) -> bool:
    """Tell whether `text` is what the pattern says."""
    return re.fullmatch(".+".join(map(re.escape, pattern.split("..."))), text) is not None


def missing(patterns: Sequence[str], lines: Sequence[str]) -> list[str]:
    """Return the patterns for which there is no line; each line counts for one of them."""
    left = list(lines)
    unmatched = []
    for pattern in patterns:
        found = next((line for line in left if matches(pattern, line)), None)
        if found is None:
            unmatched.append(pattern)
        else:
            left.remove(found)
    return unmatched
