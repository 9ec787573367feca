"""Settings of product-service."""

from pydantic import Field

from shopkit.faults.spec import FirstFault, fault_of
from shopkit.faults.vocabulary import Fault
from shopkit.settings import Port, ServiceSettings


class Settings(ServiceSettings):
    """Defaults and units of every setting; docs/settings.md lists them."""

    port: Port = Field(8081, validation_alias="PRODUCT_SERVICE_PORT")
    threads: int = Field(64, ge=1, le=1024, validation_alias="PRODUCT_SERVICE_THREADS")  # requests at the same time
    product_service_fault: FirstFault = ""  # the fault that it starts with; empty: none

    @property
    def first_fault(self) -> Fault | None:
        """Return the fault that it starts with."""
        return fault_of(self.product_service_fault)
