"""The live view: a line for each gateway while the load runs; plain lines when the output is no terminal."""

from collections import Counter
from statistics import fmean
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from experiment.outcomes import Outcome
from experiment.request_log import RequestLog

PLAIN_EVERY_S = 5.0
COLOURS = {
    Outcome.FULL: "green",
    Outcome.DEGRADED: "yellow",
    Outcome.FAILED: "red",
    Outcome.UNANSWERED: "magenta",
}


class LiveView:
    """Shows how the gateways fare; use as a context manager around the load."""

    def __init__(self, console: Console, gateways: list[str], duration_s: float) -> None:
        self._console = console
        self._duration_s = duration_s
        self._next_plain_s = PLAIN_EVERY_S
        self._progress = Progress(
            TextColumn("[bold]{task.description}"),
            BarColumn(bar_width=12),
            TimeElapsedColumn(),
            TextColumn("{task.fields[line]}"),
            console=console,
            disable=not console.is_terminal,
        )
        self._tasks: dict[str, TaskID] = {
            name: self._progress.add_task(name, total=duration_s, line="starting") for name in gateways
        }

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, elapsed_s: float, lines: dict[str, str]) -> None:
        """Show each gateway's line, `elapsed_s` seconds after the start."""
        for gateway, line in lines.items():
            self._progress.update(self._tasks[gateway], completed=min(elapsed_s, self._duration_s), line=line)
        if not self._console.is_terminal and elapsed_s >= self._next_plain_s:
            self._next_plain_s += PLAIN_EVERY_S
            for gateway, line in lines.items():
                self._console.print(f"{elapsed_s:4.0f} s  {gateway}  {line}", soft_wrap=True)


def describe(log: RequestLog, circuit_state: str | None = None) -> str:
    """Return one line about the requests so far."""
    requests = log.requests.values()
    count = Counter(request.outcome for request in requests)
    outcomes = "  ".join(
        f"[{colour}]{'waiting' if outcome is Outcome.UNANSWERED else outcome} {count[outcome]}[/]"
        for outcome, colour in COLOURS.items()
    )
    latencies_ms = [request.latency_ms for request in requests if request.latency_ms is not None]
    mean = f"mean {fmean(latencies_ms):.0f} ms" if latencies_ms else "no answer yet"
    circuit = f"  circuit [bold]{circuit_state}[/]" if circuit_state else ""
    return f"{len(requests)} requests: {outcomes}  {mean}{circuit}"
