"""Two ways to run the shop: processes on this machine, or the Compose stack. The experiment is the same on both."""

from demo.engines.docker import DockerEngine
from demo.engines.engine import Engine, Fleet
from demo.engines.local import LocalEngine

__all__ = ["DockerEngine", "Engine", "Fleet", "LocalEngine", "engine_named"]


def engine_named(name: str) -> Engine:
    """Return the engine that `--engine` names."""
    return DockerEngine() if name == "docker" else LocalEngine()
