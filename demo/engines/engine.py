"""The interface of the engines."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from experiment.services import Service, urls
from experiment.signals import held_back
from experiment.waiting import wait_until_ready


@dataclass(frozen=True, slots=True)
class Fleet:
    """A shop in which v2 may be several."""

    services: Sequence[Service]  # to run
    urls: dict[Service, str]  # v2's is the balancer's, if there is one
    replicas: Sequence[Service] = ()


class Engine(ABC):
    """Starts the shop, and stops what it started."""

    name: str

    @contextmanager
    def running(self, services: Sequence[Service], logs: Path | None) -> Iterator[None]:
        """Run the services during the block, which begins when they are ready. They log to `logs`, or to the terminal.

        Raises:
            EnvironmentProblem: a port is taken, Docker does not answer, or a service ends; the message says what to do.
            UsageError: a setting is wrong.
        """
        try:
            self.start(services, logs)
            for service in services:
                wait_until_ready(service.name, urls(services)[service] + service.ready_path, self.check_alive)
            yield
        finally:
            with held_back():
                self.stop()

    @abstractmethod
    def fleet(self, replicas: int) -> Fleet:
        """Return the shop with so many replicas of v2 behind a balancer; 0: with v2 itself.

        Raises:
            EnvironmentProblem: the replicas cannot be had; the message says what to do.
            UsageError: a setting is wrong.
        """

    def settings_in_use(self) -> dict[str, str]:
        """Return the settings of services that already run and that `running` would use; an empty one is unset."""
        return {}

    @abstractmethod
    def start(self, services: Sequence[Service], logs: Path | None) -> None:
        """Start the services; they need not be ready yet."""

    @abstractmethod
    def check_alive(self) -> None:
        """Raise EnvironmentProblem or UsageError if a service has ended."""

    @abstractmethod
    def wait(self) -> None:
        """Return when the services have ended, or raise as `check_alive` does."""

    @abstractmethod
    def suspend(self, service: Service) -> None:
        """Stop the process of a service from running, until it is resumed."""

    @abstractmethod
    def resume(self, service: Service) -> None:
        """Let a suspended service run on."""

    @abstractmethod
    def kill(self, service: Service) -> None:
        """End a service at once."""

    @abstractmethod
    def restart(self, service: Service) -> None:
        """Start a service that was killed."""

    @abstractmethod
    def stop(self) -> None:
        """Stop what `start` has started, if anything."""
