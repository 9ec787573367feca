"""`run_demo.py trace ID`: one request as a tree, from the log lines of all services."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from pydantic import BaseModel, ValidationError
from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from demo.engines.compose import check_docker, log_of
from demo.engines.stack import read_stack
from experiment.errors import DemoError, UsageError
from experiment.paths import ROOT
from report.console import stdout_console
from shopkit import request_ids

RESULTS = ROOT / "results"
LOG_FILES = "*.log*"  # also those that were set aside when they were full: .log.1
LINE_CHARACTERS = 1000  # rich would cut what is longer than the terminal is wide
CLOCKS_APART = timedelta(milliseconds=5)  # at most, of two services; and what rounding does to a latency


class Line(BaseModel):
    """The log line of a request at one service."""

    event: Literal["request"]
    request_id: str
    service: str
    caller: str = ""
    method: str
    path: str
    status: int
    latency_ms: float
    ts: datetime  # the end
    degraded: bool = False
    circuit: str = ""
    decision: str = ""
    trace_id: str = ""

    @property
    def began(self) -> datetime:
        """Return when the request arrived."""
        return self.ts - timedelta(milliseconds=self.latency_ms)


def trace(request_id: str, engine: str) -> int:
    """Print the request.

    Raises:
        UsageError: this is no id.
        DemoError: no service has logged it.
        EnvironmentProblem: Docker does not answer.
    """
    if not request_ids.ACCEPTED.fullmatch(request_id):
        raise UsageError(f"{request_id!r} is no id of a request, which has up to 128 of A-Z a-z 0-9 . _ : -")
    texts = _of_containers() if engine == "docker" else _of_last_run(RESULTS)
    lines = lines_of(request_id, texts)
    if not lines:
        where = "the containers of this stack have logged" if engine == "docker" else f"the logs below {RESULTS} have"
        raise DemoError(f"no request {request_id}: {where} none; a service logs a request when it has answered it")
    print_tree(stdout_console(width=LINE_CHARACTERS), request_id, lines)
    return 0


def lines_of(request_id: str, texts: Iterable[str]) -> list[Line]:
    """Return the lines of a request in the order in which it arrived; `texts` are logs."""
    marked = f'"{request_id}"'
    found = (_line(line) for text in texts for line in text.splitlines() if marked in line)
    return sorted((line for line in found if line and line.request_id == request_id), key=lambda line: line.began)


def _line(text: str) -> Line | None:
    try:
        return Line.model_validate_json(text)
    except ValidationError:  # another event, or half a line
        return None


def _of_last_run(results: Path) -> Iterator[str]:
    """Yield the logs of the run that wrote last: in logs, or with --repeat in the folder of each run."""
    folders = [folder for pattern in ("logs", "run-*/logs") for folder in results.glob(pattern)]
    files = [list(folder.glob(LOG_FILES)) for folder in folders]
    last = max(filter(None, files), key=lambda logs: max(log.stat().st_mtime for log in logs), default=[])
    yield from (log.read_text(encoding="utf-8", errors="replace") for log in last)


def _of_containers() -> Iterator[str]:
    check_docker()
    yield from (log_of(container.name) for container in read_stack().containers)


def print_tree(console: Console, request_id: str, lines: Sequence[Line]) -> None:
    """Print each line below that of its caller."""
    began = f"{lines[0].began.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"[:-3]
    ids = {line.trace_id: None for line in lines if line.trace_id}
    of_trace = f" (trace {', '.join(ids)})" if ids else ""
    root = Tree(Text(f"{request_id}, {began} UTC{of_trace}"))
    branches: list[tuple[Line, Tree]] = []
    for line in lines:
        caller, above = _caller_of(line, branches) or (None, root)
        branches.append((line, above.add(Text(_said(line, caller)))))
    console.print(root, soft_wrap=True)


def _caller_of(line: Line, branches: Sequence[tuple[Line, Tree]]) -> tuple[Line, Tree] | None:
    """Return the last line of the calling service that had begun, and had not ended, when this one began."""
    for caller, branch in reversed(branches):
        if caller.service == line.caller and line.began <= caller.ts + CLOCKS_APART:
            return caller, branch
    return None


def _said(line: Line, caller: Line | None) -> str:
    words = [line.service, f"{line.method} {quote(line.path)}", str(line.status), f"{line.latency_ms:,.1f} ms"]
    if caller:
        words.append(f"began at {_ms(line.began - caller.began):+,.1f} ms")
        if line.ts > caller.ts + CLOCKS_APART:
            words.append(f"ended {_ms(line.ts - caller.ts):,.1f} ms after its caller had answered")
    elif line.caller:
        words.append(f"from {quote(line.caller)}")
    words += ["degraded"] * line.degraded + [f"circuit {line.circuit}"] * bool(line.circuit)
    return "  ".join(filter(None, [*words, line.decision]))


def _ms(time: timedelta) -> float:
    return time / timedelta(milliseconds=1)
