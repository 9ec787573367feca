"""The faults of a run: which service is sick, and how."""

from collections.abc import Iterable, Mapping

from experiment.errors import UsageError
from experiment.services import SERVICES, Service
from shopkit.faults.spec import BadSpec, parse
from shopkit.faults.vocabulary import Fault, ProcessFault

Faults = Mapping[Service, Fault | ProcessFault]


def read_faults(specs: Iterable[str]) -> Faults:
    """Return the faults that these specifications name, such as `hang` and `product:slow,delay_s=1`.

    Raises:
        UsageError: one of them names no fault, or two name the same service.
    """
    named = {service.name: service for service in SERVICES}
    faults: dict[Service, Fault | ProcessFault] = {}
    for spec in specs:
        try:
            name, fault = parse(spec)
        except BadSpec as problem:
            raise UsageError(f"--fault {problem}") from None
        if named[name] in faults:
            raise UsageError(f"--fault {spec!r}: {name} has a fault already; a service has one at a time")
        faults[named[name]] = fault
    return faults
