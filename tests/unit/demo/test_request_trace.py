"""One request as a tree, from logs."""

import io
import json
import os
from pathlib import Path

import pytest
from rich.console import Console

from demo import request_trace as command
from demo.request_trace import LINE_CHARACTERS, lines_of, print_tree, trace
from experiment.errors import DemoError, UsageError


def line(service: str, caller: str, ended: str, latency_ms: float, **more: object) -> str:
    """Return the log line of a request that ended at so many seconds."""
    said = {"service": service, "method": "GET", "path": "/x", "caller": caller, "status": 200, "level": "info"}
    times = {"latency_ms": latency_ms, "ts": f"2026-01-02T03:04:{ended}Z"}
    return json.dumps(said | times | {"event": "request", "request_id": "load-1"} | more)


def printed(*lines: str) -> list[str]:
    """Return the tree of the request of these lines."""
    out = io.StringIO()
    print_tree(Console(file=out, width=LINE_CHARACTERS), "load-1", lines_of("load-1", ["\n".join(lines)]))
    return out.getvalue().splitlines()


def test_shows_the_calls_below_their_caller() -> None:
    """Each call is below the gateway that made it, with its time after it; two gateways with the same id stay apart."""
    tree = printed(
        line("recommendations-service", "api-gateway-v1", "05.014", 2.0, path="/recommendations/1"),
        line("product-service", "api-gateway-v1", "05.011", 1.0),
        line("api-gateway-v1", "python", "05.015", 15.0, path="/product-details/1"),
        line("product-service", "api-gateway-v2", "06.003", 1.0),
        line("api-gateway-v2", "curl", "06.005", 5.0, degraded=True, circuit="OPEN", decision="r: short-circuited"),
    )

    assert tree == [
        "load-1, 2026-01-02 03:04:05.000 UTC",
        "├── api-gateway-v1  GET /product-details/1  200  15.0 ms  from python",
        "│   ├── product-service  GET /x  200  1.0 ms  began at +10.0 ms",
        "│   └── recommendations-service  GET /recommendations/1  200  2.0 ms  began at +12.0 ms",
        "└── api-gateway-v2  GET /x  200  5.0 ms  from curl  degraded  circuit OPEN  r: short-circuited",
        "    └── product-service  GET /x  200  1.0 ms  began at +2.0 ms",
    ]


def test_shows_a_call_that_outlived_its_request() -> None:
    """A call that hung for longer than anybody waited says so; without its caller's line it stands alone."""
    hung = line("recommendations-service", "api-gateway-v2", "25.002", 20_000)

    assert printed(line("api-gateway-v2", "curl", "05.902", 902), hung)[-1] == (
        "    └── recommendations-service  GET /x  200  20,000.0 ms  began at +2.0 ms  "
        "ended 19,100.0 ms after its caller had answered"
    )
    assert printed(hung)[-1] == "└── recommendations-service  GET /x  200  20,000.0 ms  from api-gateway-v2"


def test_takes_only_lines_of_this_request() -> None:
    """Other requests, other events, half lines and what is no JSON are left out; nothing reaches a terminal raw."""
    lines = (
        line("a", "curl", "05.000", 1.0, request_id="load-11"),
        line("a", "curl", "05.000", 1.0, path="load-1", request_id="b"),
        line("a", "curl", "05.000", 1.0, event="circuit"),
        line("a", "curl", "05.000", 1.0)[:60],
        'Traceback: "load-1"',
        line("a", "curl", "05.000", 1.0, path="/\x1b[2J", trace_id="4bf9"),
    )

    assert printed(*lines) == [
        "load-1, 2026-01-02 03:04:04.999 UTC (trace 4bf9)",
        "└── a  GET /%1B%5B2J  200  1.0 ms  from curl",
    ]


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of results, with the logs of an old run and of the last one, of which one file is full."""
    monkeypatch.setattr(command, "RESULTS", tmp_path)
    for number, (name, service) in enumerate(
        [("logs/a.log", "old"), ("run-2/logs/a.log.1", "new"), ("run-2/logs/a.log", "")]
    ):
        log = tmp_path / name
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(line(service, "curl", "05.000", 1.0) if service else "")
        os.utime(log, (number, number))
    return tmp_path


@pytest.mark.usefixtures("results")
def test_reads_all_logs_of_the_last_run(capsys: pytest.CaptureFixture[str]) -> None:
    """The logs of the run that wrote last count, also the file that was set aside."""
    assert trace("load-1", "local") == 0
    assert capsys.readouterr().out.splitlines()[1:] == ["└── new  GET /x  200  1.0 ms  from curl"]


def test_unknown_id_is_one_line(results: Path) -> None:
    """An id that no log has ends with status 1; where there are no logs at all, too."""
    with pytest.raises(DemoError, match=r"^no request load-2: ") as raised:
        trace("load-2", "local")
    assert raised.value.status == 1
    for log in results.rglob("*.log*"):
        log.unlink()
    with pytest.raises(DemoError, match=r"^no request load-1: "):
        trace("load-1", "local")


@pytest.mark.parametrize("text", ["", "a b", "x" * 129, 'a"', "ä", "../a"])
def test_refuses_what_is_no_id(text: str) -> None:
    """An id that no service would accept is a mistake on the command line."""
    with pytest.raises(UsageError, match="is no id of a request"):
        trace(text, "local")


def test_reads_the_logs_of_the_containers(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """With --engine docker, the lines are those that the stack's containers have printed."""
    stack = type("Stack", (), {"containers": [type("Container", (), {"name": name}) for name in ("p", "q")]})
    monkeypatch.setattr(command, "check_docker", lambda: None)
    monkeypatch.setattr(command, "read_stack", lambda: stack)
    monkeypatch.setattr(command, "log_of", lambda name: line(name, "curl", "05.000", 1.0))

    assert trace("load-1", "docker") == 0
    assert len(capsys.readouterr().out.splitlines()) == 3
