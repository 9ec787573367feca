"""`run_demo.py compare`: make one run or several, write their files to results/, and print the verdict."""

import sys
from pathlib import Path

from rich.console import Console

from demo.engines import Engine
from demo.one_run import only_run
from experiment.faults import read_faults
from experiment.measure.assemble import REQUESTS_FILE, assemble
from experiment.measure.rows import joined, requests_of
from experiment.paths import ROOT
from experiment.plan import Plan, Workers, staggered
from experiment.results.model import Report
from experiment.results.requests_file import read_requests, write_requests
from experiment.run.file_limit import file_limit_warning
from experiment.run.runner import Recording, Run
from experiment.run.shop import Shop
from experiment.services import GATEWAYS, HOST, SERVICES, urls
from experiment.signals import held_back
from report.console import stdout_console
from report.draw import draw
from report.live_view import LiveView
from report.repeat import together
from report.terminal import print_report

RESULTS = ROOT / "results"
REPORT = "comparison_report.json"


def compare(plan: Plan, engine: Engine, *, repeat: int = 1, as_json: bool = False) -> int:
    """Make the runs, print their results and write them to results/; return 0 when every claim held, else 1."""
    read_faults(plan.faults)  # a bad one is refused before anything starts
    console = stdout_console(quiet=as_json)
    if warning := file_limit_warning(plan):
        print(warning, file=sys.stderr, flush=True)
    if plan.workers and plan.workers.port:
        print(_waits_for(plan.workers), file=sys.stderr, flush=True)
    with only_run(RESULTS):
        report = _run_once(plan, engine, RESULTS, console) if repeat == 1 else _run_all(plan, engine, repeat, console)
    if as_json:
        sys.stdout.write(report.model_dump_json(indent=1) + "\n")
    print_report(console, report)
    console.print(
        f"Open {RESULTS / 'comparison_report.html'} in a browser; the other files are next to it",
        soft_wrap=True,
        highlight=False,
    )
    return 0 if report.held and (report.repeat is None or all(report.repeat.claims_held)) else 1


def _waits_for(workers: Workers) -> str:
    places = (f"{HOST}:{workers.at(number).port} for {gateway.name}" for number, gateway in enumerate(GATEWAYS))
    return f"waiting for load workers, {workers.count} at {' and as many at '.join(places)} (docs/the-experiment.md)"


def _run_all(plan: Plan, engine: Engine, repeat: int, console: Console) -> Report:
    """Make the runs, each with its own folder; return the last run's report, with the ranges of all."""
    reports = []
    folders = [f"run-{number}" for number in range(1, repeat + 1)]
    for number, folder in enumerate(folders):
        console.rule(f"run {number + 1} of {repeat}")
        reports.append(_run_once(staggered(plan, number, repeat), engine, RESULTS / folder, console))
    report = reports[-1].model_copy(
        update={"repeat": together(reports, folders), "requests_file": f"{folders[-1]}/{REQUESTS_FILE}"}
    )
    report.write(RESULTS / REPORT)
    draw(RESULTS / REPORT, report, read_requests(RESULTS / report.requests_file))
    return report


def _run_once(plan: Plan, engine: Engine, folder: Path, console: Console) -> Report:
    """Make one run and write its files to a folder; if it is interrupted, write what it has recorded so far."""
    (folder / "logs").mkdir(parents=True, exist_ok=True)
    shop = Shop(urls(SERVICES))
    with engine.running(SERVICES, folder / "logs"):
        with LiveView(console) as view:
            run = Run(plan, engine, shop, folder, view)
            try:
                recording = run.run()
            except BaseException:
                if run.recording:
                    _write(run.recording, folder)
                    console.print(f"Stopped early. Partial results: {folder}", soft_wrap=True)
                raise
        return _write(recording, folder)


def _write(recording: Recording, folder: Path) -> Report:
    with held_back():
        by_gateway = requests_of(recording)
        report = assemble(recording, by_gateway)
        rows = joined(by_gateway)
        report.write(folder / REPORT)
        write_requests(folder / REQUESTS_FILE, rows)
        draw(folder / REPORT, report, rows)
    return report
