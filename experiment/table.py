"""The result as a table on the terminal."""

from collections.abc import Callable

from rich.console import Console
from rich.table import Table

from experiment.claims import Claim
from experiment.report import Report
from experiment.summary import GatewayResult, Latency, Summary


def print_report(console: Console, report: Report) -> None:
    """Print the claims that do not hold, the headline rows, then everything else."""
    for claim in report.claims:
        if not claim.held:
            console.print(f"[bold red]DOES NOT HOLD[/]  {_shown(claim)}", soft_wrap=True)
    v1, v2 = report.gateways.values()
    table = Table(title=_title(report), title_justify="left")
    table.add_column("")
    for gateway in report.gateways:
        table.add_column(gateway, justify="right")
    _add_rows(table, v1, v2)
    console.print(table)
    for claim in report.claims:
        if claim.held:
            console.print(f"[green]holds[/]  {_shown(claim)}", soft_wrap=True)


def _shown(claim: Claim) -> str:
    return f"{claim.name}: {claim.measured:,g} {'' if claim.held else 'is not '}{claim.relation} {claim.threshold:,g}"


def _title(report: Report) -> str:
    load = report.load
    return (
        f"{load.users} users at each gateway for {load.duration_s} s, recommendations {load.fault['kind']}; "
        f"this load can make {load.ceiling_per_s:.1f} requests/s"
    )


def _add_rows(table: Table, v1: GatewayResult, v2: GatewayResult) -> None:
    def row(name: str, show: Callable[[GatewayResult], str]) -> None:
        table.add_row(name, show(v1), show(v2))

    row("Average response time", lambda g: _ms(g.product_details, "mean_ms"))
    row("Failure rate (failed or unanswered)", lambda g: f"{g.product_details.failed_or_unanswered_share:.1%}")
    row("Requests answered per second", lambda g: f"{g.all_requests.answers_per_s:.2f}")
    table.add_section()
    _add_route(table, "Product pages", v1.product_details, v2.product_details)
    table.add_section()
    _add_route(table, "Catalogue pages (need no recommendations)", v1.catalogue, v2.catalogue)


def _add_route(table: Table, title: str, v1: Summary, v2: Summary) -> None:
    table.add_row(f"[bold]{title}[/]", str(v1.requests), str(v2.requests))
    for outcome in ("full", "degraded", "failed", "unanswered"):
        table.add_row(f"  {outcome}", str(getattr(v1, outcome)), str(getattr(v2, outcome)))
    for name in Latency.model_fields:
        table.add_row(f"  {name.removesuffix('_ms')}", _ms(v1, name), _ms(v2, name))


def _ms(summary: Summary, name: str) -> str:
    return f"{getattr(summary.latency, name):,.1f} ms" if summary.latency else "no answer"
