"""Settings of recommendations-service."""

from pydantic import Field

from shopkit.faults.spec import FirstFault, fault_of
from shopkit.faults.vocabulary import Fault, Hang
from shopkit.settings import Port, ServiceSettings


class Settings(ServiceSettings):
    """Defaults and units of every setting; docs/settings.md lists them."""

    port: Port = Field(8082, validation_alias="RECOMMENDATIONS_SERVICE_PORT")
    # requests at the same time; twice what both gateways' threads can send, so that this pool is never what limits
    threads: int = Field(256, ge=1, le=1024, validation_alias="RECOMMENDATIONS_SERVICE_THREADS")
    simulate_failure: bool = False  # start with the hang already in place
    recommendations_service_fault: FirstFault = ""  # or with this fault; empty: none

    @property
    def first_fault(self) -> Fault | None:
        """Return the fault that it starts with."""
        return fault_of(self.recommendations_service_fault) or (Hang() if self.simulate_failure else None)
