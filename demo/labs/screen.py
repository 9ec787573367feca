"""The output of a lab: a table on a terminal, else plain lines."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from demo.labs.curl import Answer
from demo.labs.services import LabService
from demo.labs.steps import Lab, State, Step
from report.console import stdout_console
from report.quantities import seconds

CHANGES = {
    (State.UP, State.HANGING): "Service A is made to hang (by hand: Ctrl-Z in its terminal)",
    (State.HANGING, State.UP): "Service A goes on (by hand: `fg` in its terminal)",
    (State.UP, State.STOPPED): "Service A is stopped (by hand: Ctrl-C in its terminal)",
    (State.STOPPED, State.UP): "Service A is started again (by hand: `python app.py` in its terminal)",
}


class Screen:
    """Shows the steps one after the other."""

    def __init__(self) -> None:
        self._console = stdout_console(highlight=False, markup=False, soft_wrap=True)

    def opening(self, lab: Lab, services: Sequence[LabService]) -> None:
        """Show the lesson and the addresses of the services."""
        self._print(f"labs/{lab.folder.name}: {lab.lesson}", "bold")
        for service in services:
            self._print(f"{service.name}  {service.url}  (labs/{lab.folder.name}/{service.folder.name}: python app.py)")

    def change(self, before: State, after: State) -> None:
        """Show that the state of service A changes."""
        self._print(f"\n-- {CHANGES[before, after]}", "yellow")

    def step(self, number: int, step: Step) -> None:
        """Show the command that runs next."""
        self._print(f"\n{number}. {step.title}", "bold")
        self._print(f"$ {step.run}", "cyan")

    def answer(self, answer: Answer) -> None:
        """Show what the command printed."""
        self._print(answer.printed.strip())
        self._print(f"HTTP {answer.status} after {seconds(answer.seconds, 2)}", "dim")

    def logs(self, log_a: Sequence[str], log_b: Sequence[str]) -> None:
        """Show the log lines of both services, in two columns on a terminal, else one after the other."""
        if not self._console.is_terminal:
            self.log_lines(log_a, log_b)
        elif log_a or log_b:
            table = Table("log of service A", "log of service B", box=SIMPLE_HEAD, expand=True)
            table.columns[0].ratio = table.columns[1].ratio = 1
            table.add_row(*(Text("\n".join(log), overflow="fold") for log in (log_a, log_b)))
            self._console.print(table, soft_wrap=False)

    def log_lines(self, log_a: Sequence[str], log_b: Sequence[str]) -> None:
        """Show log lines, each with the letter of its service."""
        for letter, lines in (("A", log_a), ("B", log_b)):
            for line in lines:
                self._print(f"  {letter} | {line}", "dim")

    def differences(self, differences: Sequence[str]) -> None:
        """Show what was not as expected, if anything."""
        for difference in differences:
            self._print(f"NOT AS EXPECTED: {difference}", "bold red")

    def summary(self, steps: int, failed: int) -> None:
        """Show how many steps were as expected."""
        if failed:
            self._print(f"\n{failed} of {steps} steps did not show what was expected.", "bold red")
        else:
            self._print(f"\nAll {steps} steps showed what was expected.", "bold green")

    def staying(self, services: Sequence[LabService]) -> None:
        """Show that the services keep running, and their addresses."""
        self._print("\nBoth services stay, and their logs are shown here. Ctrl-C stops them.", "bold")
        for service in services:
            self._print(f"{service.name}  {service.url}")

    def _print(self, text: str, style: str = "") -> None:
        self._console.print(Text(text, style=style))
        self._console.file.flush()
