"""The balancer before the replicas of v2, an Envoy that balancer.yaml configures: `python -m demo.balancer`."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks.under_test.mesh import envoy_command
from experiment.errors import EnvironmentProblem
from experiment.replicas import BALANCED
from experiment.services import GATEWAY_V2, HOST

CONFIGURATION = Path(__file__).with_suffix(".yaml")


def command(settings: Mapping[str, str]) -> list[str]:
    """Return what runs it.

    Raises:
        EnvironmentProblem: Envoy is not installed.
    """
    endpoints = ", ".join(_endpoint(port) for port in settings[BALANCED].split(","))
    return envoy_command(CONFIGURATION, port=settings[GATEWAY_V2.port_variable], endpoints=endpoints)


def _endpoint(port: str) -> str:
    return f"{{ endpoint: {{ address: {{ socket_address: {{ address: {HOST}, port_value: {port} }} }} }} }}"


if __name__ == "__main__":
    try:
        envoy = command(os.environ)
    except EnvironmentProblem as problem:
        print(problem, file=sys.stderr)
        sys.exit(problem.status)
    os.execv(envoy[0], envoy)  # noqa: S606 - the program of a package of ours
