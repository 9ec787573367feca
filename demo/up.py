"""`run_demo.py up`: start the shop and keep it running."""

from collections.abc import Sequence

from demo.engines import Engine
from experiment.services import SERVICES, service_named, urls


def up(engine: Engine, names: Sequence[str]) -> int:
    """Run the named services, or all of them, with their logs on the terminal, until Ctrl-C."""
    services = [service_named(name) for name in names] or list(SERVICES)
    with engine.running(services, logs=None):
        for service, url in urls(services).items():
            print(f"{service.name:<24} {url}", flush=True)
        print("Ctrl-C stops them.", flush=True)
        engine.wait()
    return 0
