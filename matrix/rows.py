"""A row of the matrix: a fault of one of the services, or none."""

from dataclasses import dataclass

from experiment.errors import UsageError
from matrix.plan import BUSY, HEALTHY
from shopkit.faults.spec import SERVICES, BadSpec, parse
from shopkit.faults.vocabulary import Fault, Kill, Refuse, Stop


@dataclass(frozen=True, slots=True)
class Row:
    """A fault, and the service that has it; no fault where nothing is sick."""

    name: str  # as on the command line
    service: str
    fault: Fault | None

    @property
    def of_product(self) -> bool:
        """Whether the service is sick that every page needs."""
        return self.service == SERVICES["product"]

    def body(self, lasts_s: float) -> dict[str, object]:
        """Return what PUT /faults is told; a fault that nobody can heal is told when to end."""
        assert self.fault  # noqa: S101 - a healthy row has none to put
        fault = self.fault.model_copy(update={"for_s": lasts_s}) if isinstance(self.fault, Refuse) else self.fault
        return fault.model_dump(exclude_none=True)


def row_named(name: str) -> Row:
    """Return the row with this name, which is any specification of a fault, `none` or `busy`.

    Raises:
        UsageError: it is no fault, or one that no service can have.
    """
    if name in (HEALTHY, BUSY):
        return Row(name, SERVICES["recommendations"], None)
    try:
        service, fault = parse(name)
    except BadSpec as error:
        raise UsageError(f"{error}, {HEALTHY}, {BUSY}") from None
    if isinstance(fault, Kill | Stop):
        raise UsageError(f"{name!r}: the matrix has no faults of the process")
    return Row(name, service, fault)
