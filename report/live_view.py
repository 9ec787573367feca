"""The live view: the phase, and a line for each gateway; plain lines where lines can't be drawn over."""

from collections import Counter, deque
from statistics import median
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.table import Table

from experiment.phases import Phase
from experiment.plan import Open
from experiment.run.runner import SHORT_NAMES, Recording
from experiment.services import GATEWAY_V2, GATEWAYS, Service
from load.outcomes import Outcome
from load.requests_table import Request
from report.quantities import milliseconds, number, seconds

PLAIN_EVERY_S = 5.0
SPARK_S = 30
SPARKS = " ▁▂▃▄▅▆▇█"
ASCII_SPARKS = " .:-=+*#%"
COLOURS = {
    Outcome.FULL: "green",
    Outcome.DEGRADED: "yellow",
    Outcome.FAILED: "red",
    Outcome.UNANSWERED: "magenta",
    Outcome.UNSENT: "magenta",
}
NAMES = {Outcome.UNANSWERED: "waiting"}
OTHER_COLUMNS = 70  # characters, without the spark line
SAID = {
    Phase.HEALTHY: "all is well",
    Phase.RECOVERY: "all is well again",
}


class Tally:
    """The figures shown for one gateway, updated with each request that begins or ends."""

    def __init__(self) -> None:
        self.outcomes: Counter[Outcome] = Counter()
        self._waiting: set[int] = set()
        self._recent: deque[tuple[float, float]] = deque()  # (ended at, latency in ms) of the last seconds

    def add(self, requests: list[Request]) -> None:
        """Update the figures with requests that have begun or ended since the last update, as the log yields them."""
        for request in {request.number: request for request in requests}.values():  # one may have done both
            if request.outcome is Outcome.UNANSWERED:
                self._waiting.add(request.number)
            else:
                self._waiting.discard(request.number)
                self.outcomes[request.outcome] += 1
            if request.ended_at is not None and request.started_at is not None:
                self._recent.append((request.ended_at, (request.ended_at - request.started_at) * 1000))
        self.outcomes[Outcome.UNANSWERED] = len(self._waiting)

    def typical_ms(self, now: float) -> float | None:
        """Return the median latency of the answers of the last second; None when there was none."""
        self._forget_before(now - SPARK_S)
        return median(last) if (last := [ms for at, ms in self._recent if at > now - 1]) else None

    def spark(self, now: float, bars: str = SPARKS) -> str:
        """Return a bar chart of the answers per second in the last half minute."""
        self._forget_before(now - SPARK_S)
        counts = Counter(min(SPARK_S - 1, int(now - at)) for at, _ in self._recent if at <= now)
        most = max(counts.values(), default=1)
        return "".join(bars[-(-counts[age] * (len(bars) - 1) // most)] for age in reversed(range(SPARK_S)))

    def _forget_before(self, at: float) -> None:
        while self._recent and self._recent[0][0] < at:
            self._recent.popleft()


class LiveView:
    """Shows a run while it goes on; use as a context manager around it."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._tallies = {gateway: Tally() for gateway in GATEWAYS}
        self._sparks = ASCII_SPARKS if console.options.ascii_only else SPARKS
        self._next_plain_s = PLAIN_EVERY_S
        self._live = Live(console=console, auto_refresh=False) if console.is_interactive else None

    def __enter__(self) -> Self:
        if self._live:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            self._live.stop()

    def show(self, recording: Recording, new: dict[Service, list[Request]]) -> None:
        """Show the run as it is now; `new` are the requests that began or ended since the last call."""
        for gateway, requests in new.items():
            self._tallies[gateway].add(requests)
        if self._live:
            self._live.update(self._picture(recording), refresh=True)
        elif recording.clock.now_s() >= self._next_plain_s:
            self._next_plain_s += PLAIN_EVERY_S
            for gateway in GATEWAYS:
                self._console.print(self._plain(recording, gateway), soft_wrap=True)

    def _picture(self, recording: Recording) -> Table:
        now = recording.clock.began_at + recording.clock.now_s()
        is_open = isinstance(recording.plan.load, Open)
        shown = [outcome for outcome in COLOURS if is_open or outcome is not Outcome.UNSENT]
        table = Table(title=_phase_line(recording), title_justify="left", box=None, padding=(0, 1))
        spark_s = max(1, min(SPARK_S, self._console.width - OTHER_COLUMNS))
        for heading in ("", f"answers/s, {spark_s} s"):
            table.add_column(heading, no_wrap=True)
        for heading in ("typical", *(NAMES.get(outcome, outcome) for outcome in shown)):
            table.add_column(heading, justify="right", no_wrap=True)
        table.add_column("circuit", no_wrap=True)
        for gateway, tally in self._tallies.items():
            table.add_row(
                f"[bold]{SHORT_NAMES[gateway]}[/]",
                tally.spark(now, self._sparks)[-spark_s:],
                _typical(tally.typical_ms(now)),
                *(f"[{COLOURS[outcome]}]{tally.outcomes[outcome]}[/]" for outcome in shown),
                _state(recording, gateway),
            )
        return table

    def _plain(self, recording: Recording, gateway: Service) -> str:
        tally = self._tallies[gateway]
        now_s = recording.clock.now_s()
        typical = _typical(tally.typical_ms(recording.clock.began_at + now_s))
        state = f"  circuit {_state(recording, gateway)}" if gateway is GATEWAY_V2 else ""
        phase = recording.story.phase_of(now_s)
        return f"{seconds(now_s, 0):>6}  {phase:8}  {gateway.name}  {_outcomes(tally)}  {typical}{state}"


def _phase_line(recording: Recording) -> str:
    now_s = recording.clock.now_s()
    phase = recording.story.phase_of(now_s)
    left_s = max(0.0, recording.plan.ends_s(phase) - now_s)
    left, whole = seconds(left_s, 0), number(recording.plan.duration_s, 0)
    said = SAID.get(phase, "; ".join(recording.plan.faults))
    return f"[bold]{phase.upper()}[/] ({said}), {left} left of {whole}"


def _typical(latency_ms: float | None) -> str:
    return "no answer" if latency_ms is None else milliseconds(latency_ms)


def _outcomes(tally: Tally) -> str:
    return "  ".join(
        f"[{colour}]{NAMES.get(outcome, outcome)} {tally.outcomes[outcome]}[/]"
        for outcome, colour in COLOURS.items()
        if outcome is not Outcome.UNSENT or tally.outcomes[outcome]
    )


def _state(recording: Recording, gateway: Service) -> str:
    if gateway is not GATEWAY_V2:
        return ""
    looks = [circuit.poller.latest for circuit in recording.watch.circuits.values()]
    states = [status["state"] if status else "unknown" for status in looks]
    return ", ".join(f"[bold]{state}[/]" + _times(states.count(state)) for state in dict.fromkeys(states))


def _times(count: int) -> str:
    """Return how often a state was seen, where it is more than once."""
    return f" x{count}" if count > 1 else ""
