"""The tables of the page: everything that was measured, as text."""

from collections.abc import Callable, Iterable

from experiment.phases import Phase
from experiment.results.model import Accounts, Latency, PhaseResult, Reaction, Report, RouteResult, StateSpan
from report.names import IN_PHASE, short_name
from report.quantities import NOTHING, count, milliseconds, number, seconds, share
from report.result_tables import replicas_table
from report.table.model import Table

HELD = {True: "yes", False: "NO", None: "could not be read"}
LATENCIES = ("answered", "full", "degraded", "failed")


def route_tables(report: Report) -> list[Table]:
    """Return the results for each route, in each phase."""
    return [
        _table(report, "Product pages", lambda phase: _route_rows(phase.product_details)),
        _table(report, "Catalogue pages (need no recommendations)", lambda phase: _route_rows(phase.catalogue)),
        _table(report, "All requests", lambda phase: _route_rows(phase.all_routes)),
    ]


def service_tables(report: Report) -> list[Table]:
    """Return the inner workings of the gateways: threads, calls, circuit, reaction, and the counts compared."""
    return [
        _table(report, "Inside the gateways", _inside_rows),
        _reaction_table(report),
        *([replicas_table(report.replicas)] if report.replicas else []),
        *_circuit_tables(report),
        _checks_table(report),
    ]


def seconds_tables(report: Report) -> list[Table]:
    """Return the data of the charts over time."""
    return [
        Table(
            f"{gateway}, second by second",
            ["second", *(name.replace("_", " ") for name, _ in series)],
            [
                [str(second), *map(count, values)]
                for second, values in enumerate(zip(*(v for _, v in series), strict=True))
            ],
        )
        for gateway, series in report.series.items()
    ]


def _table(report: Report, title: str, rows_of: Callable[[PhaseResult], list[tuple[str, str]]]) -> Table:
    """Return a table with a column for each phase of each gateway and for its whole run."""
    columns, found = [], []
    for gateway, result in report.gateways.items():
        parts = [(IN_PHASE[phase], result.phases[phase]) for phase in Phase if phase in result.phases]
        for name, part in [*parts, ("whole run", result.whole_run)]:
            columns.append(f"{short_name(gateway)} {name}")
            found.append(dict(rows_of(part)))
    names = list(dict.fromkeys(name for rows in found for name in rows))
    return Table(title, ["", *columns], [[name, *(rows.get(name, NOTHING) for rows in found)] for name in names])


def _route_rows(route: RouteResult) -> list[tuple[str, str]]:
    return [
        *_account_rows(route.accounts),
        ("served in time", count(route.good)),
        ("still waiting as the phase ended", count(route.waiting_at_end)),
        ("scheduled per second", number(route.scheduled_per_s)),
        ("answered per second", number(route.answered_per_s)),
        ("served in time per second", number(route.goodput_per_s)),
        *(row for outcome in LATENCIES for row in _latency_rows(outcome, getattr(route.latency, outcome))),
    ]


def _account_rows(accounts: Accounts) -> Iterable[tuple[str, str]]:
    return ((name, count(value)) for name, value in accounts)


def _latency_rows(outcome: str, latency: Latency | None) -> Iterable[tuple[str, str]]:
    if latency is None:
        return ()
    return ((f"{outcome}: {_statistic(name)}", milliseconds(value)) for name, value in latency if name.endswith("_ms"))


def _statistic(field: str) -> str:
    return field.removesuffix("_ms").replace("p99_9", "p99.9").replace("max", "slowest")


def _inside_rows(phase: PhaseResult) -> list[tuple[str, str]]:
    busy = phase.busy_threads
    return [
        ("calls that reached recommendations", count(phase.calls_to_recommendations)),
        ("useless work of recommendations, in calls", count(phase.useless_work)),
        ("busy threads: mean", number(busy.mean) if busy else NOTHING),
        ("busy threads: most", str(busy.max) if busy else NOTHING),
        ("busy threads: samples without an answer", share(busy.no_answer_share) if busy else NOTHING),
        *((f"circuit {state}", seconds(time_s)) for state, time_s in phase.time_in_state_s.items()),
    ]


def _reaction_table(report: Report) -> Table:
    rows = [
        [
            REACTIONS[field],
            *(_optional(getattr(result.reaction, field), seconds) for result in report.gateways.values()),
        ]
        for field in Reaction.model_fields
    ]
    return Table("Reaction", ["", *report.gateways], rows)


def _circuit_tables(report: Report) -> list[Table]:
    circuits = {short_name(name): replica.circuit for name, replica in report.replicas.items()}
    return [_circuit_table(name, spans) for name, spans in (circuits or {"v2": report.timeline.circuit}).items()]


def _circuit_table(name: str, spans: Iterable[StateSpan]) -> Table:
    rows = [[span.state, seconds(span.from_s, 2), seconds(span.to_s, 2), span.why] for span in spans]
    return Table(f"The circuit of {name}, state by state", ["state", "from", "to", "why"], rows, text_columns=(0, 3))


def _checks_table(report: Report) -> Table:
    rows = [
        [check.what, count(check.caller), count(check.service), count(check.tolerance), HELD[check.held]]
        for check in report.checks
    ]
    columns = ["", "who asked counted", "who was asked counted", "may differ by", "they agree"]
    return Table("The accounts, made twice", columns, rows)


def _optional(value: float | None, text: Callable[[float], str]) -> str:
    return NOTHING if value is None else text(value)


REACTIONS = {
    "fault_to_open_s": "fault put in, to circuit OPEN",
    "fault_to_first_fast_answer_s": "fault put in, to the first fast answer",
    "heal_to_closed_s": "healed, to circuit CLOSED",
    "heal_to_first_full_answer_s": "healed, to the first full answer",
    "heal_to_normal_s": "healed, to all normal",
}
