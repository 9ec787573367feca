"""Run a command of a lab exactly as a student would type it, and learn its HTTP status and time."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from experiment.errors import EnvironmentProblem
from experiment.processes import run, user_environment

# curl reads this in addition to its command line. `write-out` goes to stderr, so that stdout has only the answer.
CURLRC = 'silent\nshow-error\nnoproxy = "*"\nmax-time = 20\nwrite-out = "%{stderr}%{http_code} %{time_total}\\n"\n'
WRITTEN_OUT = re.compile(r"^(\d{3}) ([\d.]+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of a command: its output, the HTTP status and the time."""

    status: int
    seconds: float
    printed: str

    @property
    def body(self) -> str:
        """The output without the headers that `curl -i` prints first."""
        head, _, rest = self.printed.partition("\n\n")
        return (rest if head.startswith("HTTP/") else self.printed).strip()


def check_installed() -> None:
    """Raise EnvironmentProblem if curl is not installed."""
    if shutil.which("curl") is None:
        raise EnvironmentProblem("curl is not installed; install it (such as: sudo apt-get install curl)")


def ask(command: str, folder: Path) -> Answer:
    """Run the command; `folder` receives curl's configuration file."""
    (folder / ".curlrc").write_text(CURLRC, encoding="utf-8")
    # a shell, because a command may have a pipe in it
    shell = run(["sh", "-c", command], env=user_environment() | {"CURL_HOME": str(folder)})
    written = WRITTEN_OUT.search(shell.stderr)
    if not written:
        return Answer(0, 0.0, shell.stdout + shell.stderr)
    return Answer(int(written[1]), float(written[2]), shell.stdout.replace("\r\n", "\n"))
