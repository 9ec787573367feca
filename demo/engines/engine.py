"""What every engine can do, and how to wait until a shop is ready."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import requests

from experiment.errors import EnvironmentProblem
from experiment.services import Service, urls
from experiment.signals import held_back

READY_WITHIN_S = 30.0
POLL_S = 0.05


class Engine(ABC):
    """Starts the shop, and stops what it started."""

    name: str

    @contextmanager
    def running(self, services: Sequence[Service], logs: Path | None) -> Iterator[None]:
        """Run the services, ready when the block begins; their output goes into the folder `logs`, or the terminal.

        Raises:
            EnvironmentProblem: a port is taken, Docker does not answer, or a service dies; each says what to do.
            UsageError: a setting is wrong.
        """
        try:
            self.start(services, logs)
            wait_until_ready(services, self.check_alive)
            yield
        finally:
            with held_back():
                self.stop()

    @abstractmethod
    def start(self, services: Sequence[Service], logs: Path | None) -> None:
        """Start the services; they need not be ready yet."""

    @abstractmethod
    def check_alive(self) -> None:
        """Raise EnvironmentProblem or UsageError when a service has died."""

    @abstractmethod
    def wait(self) -> None:
        """Return when the services have ended, or raise as `check_alive` does."""

    @abstractmethod
    def stop(self) -> None:
        """Stop what `start` started; does nothing where there is nothing to stop."""


def wait_until_ready(services: Sequence[Service], check_alive: Callable[[], None]) -> None:
    """Return when every service answers 200 on its /ready; raises as `Engine.running` does."""
    gives_up_at = time.monotonic() + READY_WITHIN_S
    address = urls()
    for service in services:
        while (problem := _not_ready(address[service] + service.ready_path)) is not None:
            check_alive()
            if time.monotonic() > gives_up_at:
                raise EnvironmentProblem(f"{service.name} is not ready after {READY_WITHIN_S:.0f} s: {problem}")
            time.sleep(POLL_S)


def _not_ready(url: str) -> str | None:
    try:
        answer = requests.get(url, timeout=5)
    except requests.RequestException as error:
        return type(error).__name__
    return None if answer.ok else answer.text.strip()
