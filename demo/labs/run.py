"""Run a lab step by step, and keep its services running if asked to."""

import tempfile
import time
from pathlib import Path

from demo.labs import curl
from demo.labs.curl import Answer
from demo.labs.screen import Screen
from demo.labs.services import LabService, ports, running
from demo.labs.steps import State, Step, load, matches, missing
from experiment.waiting import wait_until

LOGGED_WITHIN_S = 5.0  # A logs work that nobody waits for only when it is done
FOLLOW_S = 0.2


def run_lab(name: str, *, stay: bool) -> int:
    """Run every step; return 0 if all results were as expected, else 1. With `stay`, keep running until Ctrl-C.

    Raises:
        EnvironmentProblem: curl is missing, a port is taken, or a service ends.
        UsageError: a setting is wrong.
    """
    curl.check_installed()
    port_a, port_b = ports()
    lab = load(name, port_a, port_b)
    screen = Screen()
    with (
        tempfile.TemporaryDirectory(prefix="lab-") as folder,
        running(lab.folder, port_a, port_b, Path(folder)) as (service_a, service_b),
    ):
        screen.opening(lab, (service_a, service_b))
        walk = _Walk(screen, service_a, service_b, Path(folder))
        failed = sum(not walk.take(number, step) for number, step in enumerate(lab.steps, 1))
        screen.summary(len(lab.steps), failed)
        if stay:
            service_a.bring(State.UP)
            _follow(screen, service_a, service_b)
    return 1 if failed else 0


class _Walk:
    """Runs the steps one after the other."""

    def __init__(self, screen: Screen, service_a: LabService, service_b: LabService, folder: Path) -> None:
        self._screen = screen
        self._a = service_a
        self._b = service_b
        self._folder = folder

    def take(self, number: int, step: Step) -> bool:
        """Run a step and show it; return whether its result was as expected."""
        self._a.log.mark()
        self._b.log.mark()
        if self._a.state is not step.service_a:
            self._screen.change(self._a.state, step.service_a)
            self._a.bring(step.service_a)
        self._screen.step(number, step)
        answer = curl.ask(step.run, self._folder)
        self._screen.answer(answer)
        differences = _differences(step, answer) + self._unlogged(step)
        self._screen.logs(self._a.log.lines(), self._b.log.lines())
        self._screen.differences(differences)
        self._a.check_alive()
        self._b.check_alive()
        return not differences

    def _unlogged(self, step: Step) -> list[str]:
        """Wait for the expected log lines; return a message for each one that is missing."""

        def left() -> list[str]:
            return missing(step.log_a, self._a.log.lines()) + missing(step.log_b, self._b.log.lines())

        wait_until(lambda: not left(), within_s=LOGGED_WITHIN_S)
        return [f"no such log line: {pattern}" for pattern in left()]


def _differences(step: Step, answer: Answer) -> list[str]:
    differences = []
    if answer.status != step.status:
        differences.append(f"status {step.status} was expected")
    if not _same(step.answer, answer.body):
        differences.append(f"this answer was expected: {step.answer}")
    return differences


def _same(expected: str, body: str) -> bool:
    wanted, got = expected.splitlines(), body.splitlines()
    return len(wanted) == len(got) and all(map(matches, wanted, got))


def _follow(screen: Screen, service_a: LabService, service_b: LabService) -> None:
    """Show what both services log, until Ctrl-C."""
    service_a.log.mark()
    service_b.log.mark()
    screen.staying((service_a, service_b))
    while True:
        screen.log_lines(service_a.log.take(), service_b.log.take())
        service_a.check_alive()
        service_b.check_alive()
        time.sleep(FOLLOW_S)
