"""The four services as processes, for as long as some tests need them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from demo.engines.local import LocalEngine
from experiment.run.shop import Shop
from experiment.services import SERVICES, urls

FreePorts = Callable[[int], list[int]]
PollUntil = Callable[..., None]


@contextmanager
def shop_running(free_ports: FreePorts, logs: Path, settings: Mapping[str, str]) -> Iterator[Shop]:
    """Run a shop with these settings, on ports of its own."""
    with pytest.MonkeyPatch.context() as patch:
        for service, port in zip(SERVICES, free_ports(len(SERVICES)), strict=True):
            patch.setenv(service.port_variable, str(port))
        for name, value in settings.items():
            patch.setenv(name, value)
        with LocalEngine().running(SERVICES, logs):
            yield Shop(urls(SERVICES))
