"""The commands `docker` and `docker compose`, run for this checkout."""

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from typing import Any

from experiment.errors import EnvironmentProblem
from experiment.processes import LINES_SHOWN, run

ANSWERS_WITHIN_S = 15
LEFT_OUT = ("COMPOSE_", "DOCKER_DEFAULT_PLATFORM")  # the daemon and its proxies are the user's choice
KEPT = {"COMPOSE_PROJECT_NAME"}
INSTEAD = "leave out --engine docker to run without it"


def check_docker() -> None:
    """Return if a Docker Engine answers, and Compose v2 is there.

    Raises:
        EnvironmentProblem: says which is missing, and what to do.
    """
    if shutil.which("docker") is None:
        raise EnvironmentProblem(f"docker is not installed; {INSTEAD}")
    try:
        _check_answers()
    except subprocess.TimeoutExpired:
        raise EnvironmentProblem(f"Docker did not answer within {ANSWERS_WITHIN_S} s; is its daemon well?") from None


def _check_answers() -> None:
    client, _, _ = _docker("version", within_s=ANSWERS_WITHIN_S).stdout.partition("Server:")
    if "podman" in client.lower():
        raise EnvironmentProblem(
            f"the docker command is Podman's, which is not supported: install Docker, or {INSTEAD}"
        )
    if _docker("info", "--format", "{{.ServerVersion}}", within_s=ANSWERS_WITHIN_S).returncode:
        raise EnvironmentProblem(f"Docker does not answer; start it, or {INSTEAD}")
    if _docker("compose", "version", within_s=ANSWERS_WITHIN_S).returncode:
        raise EnvironmentProblem("docker has no compose command; install the Compose v2 plugin")


def docker(*arguments: str) -> str:
    """Run a docker command and return what it printed.

    Raises:
        EnvironmentProblem: it failed; the message has its last lines.
    """
    done = _docker(*arguments)
    if done.returncode:
        last = "".join(f"\n  {line}" for line in done.stderr.strip().splitlines()[-LINES_SHOWN:])
        raise EnvironmentProblem(f"docker {' '.join(arguments)} failed:{last}")
    return done.stdout


def log_of(container: str) -> str:
    """Return what a container has printed; `docker compose logs` would put escape sequences into the lines."""
    return _docker("logs", container, stderr=subprocess.STDOUT).stdout


def environment(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the user's environment without what would start another stack, or build it for another processor."""
    return {name: value for name, value in environment.items() if name in KEPT or not name.startswith(LEFT_OUT)}


def _docker(*arguments: str, within_s: float | None = None, **options: Any) -> subprocess.CompletedProcess[str]:
    # interrupted as by Ctrl-C, with the plugin that it runs: Compose then stops what it is starting
    return run(["docker", *arguments], ask_with=signal.SIGINT, within_s=within_s, env=environment(), **options)
