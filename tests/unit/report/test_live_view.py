"""The view of a run in progress."""

import io
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from rich.console import Console

from experiment.replicas import replicas_of_v2
from experiment.run import timeline
from experiment.run.runner import Recording
from experiment.services import GATEWAY_V2, GATEWAYS
from load.outcomes import Outcome, Route
from load.requests_table import Request
from report.live_view import SPARK_S, LiveView, Tally
from report.table.model import Table
from report.table.terminal import rich_table
from support.readings import circuit
from support.recordings import CircuitSeen, Looks, recording, request

SetTime = Callable[[float], None]


@pytest.fixture
def tally() -> Tally:
    """Return a tally of nothing."""
    return Tally()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> SetTime:
    """Return a function that sets the monotonic clock of the run."""

    def set_time(now: float) -> None:
        monkeypatch.setattr(timeline, "time", SimpleNamespace(monotonic=lambda: now))

    return set_time


def show(run: Recording, at: SetTime, *moments: float, terminal: bool = False) -> str:
    """Return what is printed when the view is told at these moments that the run goes on."""
    out = io.StringIO()
    show_on(Console(file=out, force_terminal=terminal, color_system=None, width=80), run, at, *moments)
    return out.getvalue()


def show_on(console: Console, run: Recording, at: SetTime, *moments: float) -> None:
    """Tell a view on this console at these moments that the run goes on."""
    with LiveView(console) as view:
        for moment in moments:
            at(moment)
            view.show(run, {gateway: list(run.logs[gateway].requests.values()) for gateway in GATEWAYS})


def test_request_moves_from_waiting_to_its_outcome(tally: Tally) -> None:
    """A request counts once, first as waiting and then under its outcome."""
    waiting = request(1, Outcome.UNANSWERED)
    tally.add([waiting])
    assert +tally.outcomes == {Outcome.UNANSWERED: 1}
    waiting.ended_at, waiting.outcome = 2.0, Outcome.DEGRADED
    tally.add([waiting])
    assert +tally.outcomes == {Outcome.DEGRADED: 1}


def test_counts_a_fast_request_once(tally: Tally) -> None:
    """A request that the log yields twice, because it began and ended between two updates, counts once."""
    fast = request(1, Outcome.FULL, at=9.0)
    tally.add([fast, fast])
    assert +tally.outcomes == {Outcome.FULL: 1}
    tally.add([request(2, at=8.2), request(4, at=8.4)])
    assert tally.spark(10.0)[-2:] == "█▄"


def test_typical_latency_is_the_median_of_the_last_second(tally: Tally) -> None:
    """Older answers and waiting requests do not count towards the typical latency."""
    tally.add([request(n, at=9.5, took_s=n / 100) for n in (1, 2, 9)])
    tally.add([request(10, at=5.0, took_s=3.0), request(11, Outcome.UNANSWERED)])
    assert tally.typical_ms(10.0) == pytest.approx(20)
    assert tally.typical_ms(11.0) is None


def test_spark_shows_answers_per_second(tally: Tally) -> None:
    """The spark line shows the last half minute, scaled to its highest second, newest on the right."""
    assert tally.spark(10.0) == " " * SPARK_S
    tally.add([request(n, at=9.5) for n in range(1, 17)])
    tally.add([request(n, at=8.5) for n in range(17, 25)])
    tally.add([request(25, at=7.5)])
    assert tally.spark(10.0) == " " * (SPARK_S - 3) + "▁▄█"
    assert tally.spark(12.0) == " " * (SPARK_S - 5) + "▁▄█  "
    assert tally.spark(50.0) == " " * SPARK_S


def test_unsent_requests_have_no_latency(tally: Tally) -> None:
    """A request that was never sent has an outcome but no latency."""
    tally.add([request(1, Outcome.UNSENT)])
    assert +tally.outcomes == {Outcome.UNSENT: 1}
    assert tally.typical_ms(1.0) is None


def test_prints_plain_lines_every_five_seconds(at: SetTime) -> None:
    """Output that is not a terminal gets a line for each gateway every five seconds, without colours."""
    run = recording([request(1, at=4.9), request(2, Outcome.FAILED), request(4, Outcome.UNANSWERED)])
    assert show(run, at, 1.0, 4.9) == ""
    assert show(run, at, 5.0, 6.0).splitlines() == [
        "   5 s  healthy   api-gateway-v1  full 1  degraded 0  failed 1  waiting 1  5 ms",
        "   5 s  healthy   api-gateway-v2  full 1  degraded 0  failed 1  waiting 1  5 ms  circuit CLOSED",
    ]
    assert len(show(run, at, 5.0, 5.2, 10.0, 14.0).splitlines()) == 4


def test_plain_line_says_when_nothing_answers(at: SetTime) -> None:
    """A plain line says when no answer came and when the circuit could not be read."""
    run = recording([request(1, Outcome.UNANSWERED), request(2, Outcome.UNSENT)])
    run.watch.circuits = {GATEWAY_V2: CircuitSeen()}  # type: ignore[dict-item]  # stands in for a watch
    so_far = "full 0  degraded 0  failed 0  waiting 1  unsent 1"
    assert show(run, at, 15.0).splitlines() == [
        f"  15 s  fault     api-gateway-v1  {so_far}  no answer",
        f"  15 s  fault     api-gateway-v2  {so_far}  no answer  circuit unknown",
    ]


def test_shows_the_states_of_replicas(at: SetTime) -> None:
    """The circuits of replicas are counted by their state."""
    run = recording([])
    states = [CircuitSeen(poller=Looks(latest=circuit(state))) for state in ("OPEN", "CLOSED", "OPEN")]
    run.watch.circuits = dict(zip(replicas_of_v2(3), states, strict=True))  # type: ignore[arg-type]  # stand in for watches
    assert show(run, at, 15.0).splitlines()[1].endswith("circuit OPEN x2, CLOSED")


@pytest.mark.parametrize(
    ("now", "text"),
    [
        (5.0, "HEALTHY (all is well), 10 s left of 100"),
        (15.0, "FAULT (hang), 40 s left of 100"),
        (25.0, "RECOVERY (all is well again), 75 s left of 100"),
        (121.0, "RECOVERY (all is well again), 0 s left of 100"),
    ],
)
def test_terminal_shows_the_phase(at: SetTime, now: float, text: str) -> None:
    """The terminal shows the phase and the time left of it as planned."""
    assert text in show(recording([]), at, now, terminal=True)


def test_terminal_shows_both_gateways(at: SetTime) -> None:
    """80 columns have room for both gateways' answers, latency and outcomes, and for the circuit."""
    answers = [request(n, at=9.0, took_s=0.123) for n in range(1, 1001)]
    waiting = [request(n, Outcome.UNANSWERED, at=9.0) for n in range(1001, 1021)]
    lines = [line.split() for line in show(recording([*answers, *waiting]), at, 9.5, terminal=True).splitlines()]
    assert ["v1", "█", "123", "ms", "1000", "0", "0", "20"] in lines
    assert ["v2", "█", "123", "ms", "1000", "0", "0", "20", "CLOSED"] in lines


def test_dumb_terminal_gets_plain_lines(at: SetTime) -> None:
    """A terminal without a cursor that moves gets what a file gets."""
    out, run = io.StringIO(), recording([request(1, at=4.9)])
    show_on(Console(file=out, force_terminal=True, _environ={"TERM": "dumb"}, width=80), run, at, 5.0, 6.0)
    assert out.getvalue() == show(run, at, 5.0, 6.0)


def test_terminal_that_is_not_utf8_gets_ascii(at: SetTime) -> None:
    """Where the encoding has no blocks, the spark line and the tables are of ASCII characters."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="latin-1", errors="strict")
    console = Console(file=out, force_terminal=True, color_system=None, width=80)
    show_on(console, recording([request(n, at=9.0) for n in range(1, 20)]), at, 9.5)
    console.print(rich_table(Table("Prices", ["a"], [["1"]])))
    out.flush()
    assert "v1 " in (printed := out.buffer.getvalue().decode("ascii"))
    assert "%" in printed


def test_tally_keeps_only_the_last_seconds(tally: Tally) -> None:
    """An hour of answers leaves no more behind than half a minute does, on a terminal or not."""
    for second in range(3600):
        tally.add([Request(second, Route.CATALOGUE, second, second, second + 0.5, 200, Outcome.FULL)])
        tally.typical_ms(second + 1.0)

    assert tally.outcomes[Outcome.FULL] == 3600
    assert len(tally._recent) <= SPARK_S + 1
    assert not tally._waiting
