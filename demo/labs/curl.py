"""One command of a lab, as a student would type it; its status and time are learnt without a change to it."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from experiment.errors import EnvironmentProblem
from experiment.processes import run, user_environment

# curl reads this in addition to its command line. What `write-out` says goes to stderr: stdout stays the answer.
CURLRC = 'silent\nshow-error\nnoproxy = "*"\nmax-time = 20\nwrite-out = "%{stderr}%{http_code} %{time_total}\\n"\n'
WRITTEN_OUT = re.compile(r"^(\d{3}) ([\d.]+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command brought: everything that it printed, and the HTTP status."""

    status: int
    seconds: float
    printed: str

    @property
    def body(self) -> str:
        """What it printed, without the headers that `curl -i` puts before."""
        head, _, rest = self.printed.partition("\n\n")
        return (rest if head.startswith("HTTP/") else self.printed).strip()


def check_installed() -> None:
    """Raise EnvironmentProblem where there is no curl."""
    if shutil.which("curl") is None:
        raise EnvironmentProblem("curl is not installed; install it (such as: sudo apt-get install curl)")


def ask(command: str, folder: Path) -> Answer:
    """Run the command; `folder` is for curl's settings."""
    (folder / ".curlrc").write_text(CURLRC, encoding="utf-8")
    # a shell, because a command may have a pipe in it
    shell = run(["sh", "-c", command], env=user_environment() | {"CURL_HOME": str(folder)})
    written = WRITTEN_OUT.search(shell.stderr)
    if not written:
        return Answer(0, 0.0, shell.stdout + shell.stderr)
    return Answer(int(written[1]), float(written[2]), shell.stdout.replace("\r\n", "\n"))
