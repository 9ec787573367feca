"""The tables of a result that the terminal, the summary and the page share."""

from collections.abc import Iterator, Mapping

from experiment.phases import Phase
from experiment.results.model import Accounts, Repeat, ReplicaResult, Report
from report.headline import headline
from report.names import short_name
from report.quantities import NOTHING, count, seconds
from report.repeat import shown_spread
from report.table.model import Table


def headline_table(report: Report) -> Table:
    """Return the headline numbers."""
    rows = [[found.metric.name, *map(found.text, report.gateways)] for found in headline(report)]
    return Table("Headline numbers", ["", *report.gateways], rows)


def accounts_table(report: Report) -> Table:
    """Return the outcomes of all requests in each phase that every gateway had."""
    rows = [row for phase in Phase for row in _accounts_rows(report, phase)]
    return Table("Every request, by the phase in which it was scheduled", ["", *report.gateways], rows)


def spreads_table(repeat: Repeat) -> Table:
    """Return the headline numbers over all runs."""
    title = f"Over {len(repeat.runs)} runs; every claim held in {sum(repeat.claims_held)} of them"
    rows = [[spread.name, short_name(spread.gateway), *shown_spread(spread)] for spread in repeat.spreads]
    return Table(title, ["", "gateway", "median", "range"], rows, text_columns=(0, 1))


def replicas_table(replicas: Mapping[str, ReplicaResult]) -> Table:
    """Return what each replica of v2 did."""
    columns = ("", "fault to OPEN", "healed to CLOSED", "calls let through", "calls refused")
    rows = [
        [
            short_name(name),
            _seconds(one.fault_to_open_s),
            _seconds(one.heal_to_closed_s),
            count(one.calls_let_through),
            count(one.calls_refused),
        ]
        for name, one in replicas.items()
    ]
    return Table("Each replica of v2, in the whole run", columns, rows)


def _seconds(took_s: float | None) -> str:
    return NOTHING if took_s is None else seconds(took_s, 2)


def _accounts_rows(report: Report, phase: Phase) -> Iterator[list[str]]:
    results = [result.phases.get(phase) for result in report.gateways.values()]
    accounts = [result.all_routes.accounts for result in results if result]
    if len(accounts) < len(results):
        return
    yield [f"{phase}: scheduled", *(count(each.scheduled) for each in accounts)]
    for outcome in Accounts.model_fields:
        values = [getattr(each, outcome) for each in accounts]
        if outcome != "scheduled" and any(values):
            yield [f"  {outcome}", *map(count, values)]
