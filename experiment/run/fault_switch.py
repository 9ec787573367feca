"""Puts the faults of a run in, and takes them out: over HTTP, or by what happens to the process of a service."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, Protocol

from experiment.errors import EnvironmentProblem
from experiment.faults import Faults
from experiment.run.shop import Shop
from experiment.services import PRODUCT, RECOMMENDATIONS, Service
from experiment.signals import held_back
from experiment.waiting import wait_until
from shopkit.faults.vocabulary import Fault, Kill, ProcessFault, Refuse, Slow, Stop, shown

SICK_CAN_BE = (RECOMMENDATIONS, PRODUCT)
RESTORES_WITHIN_S = 5.0
LONGEST_S = 300.0  # that a service takes
HEALS_WITHIN_S = 30.0  # a service that was killed starts; one that refused connections listens again


class Processes(Protocol):
    """What can be done to the process of a service."""

    def suspend(self, service: Service) -> None:
        """Stop it from running, until it is resumed."""

    def resume(self, service: Service) -> None:
        """Let it run on."""

    def kill(self, service: Service) -> None:
        """End it at once."""

    def restart(self, service: Service) -> None:
        """Start a service that was killed."""


def is_labelled(faults: Faults) -> bool:
    """Return whether every call in the fault phase carries the label of the fault in recommendations' counters."""
    fault = faults.get(RECOMMENDATIONS)
    return fault is not None and not isinstance(fault, ProcessFault) and fault.for_s is None and fault.for_calls is None


class FaultSwitch:
    """Injects and heals the faults of one run."""

    def __init__(self, shop: Shop, processes: Processes, faults: Faults, longest_s: float) -> None:
        """The faults last at most `longest_s` seconds."""
        self._shop = shop
        self._processes = processes
        self.faults = faults
        self._longest_s = longest_s
        self._is_done_to: set[Service] = set()  # services whose process was suspended or killed

    @contextmanager
    def as_found(self) -> Iterator[None]:
        """At the end of the block, give each service the fault that it had at the beginning."""
        found = {service: self._shop.fault(service) for service in SICK_CAN_BE}
        try:
            yield
        finally:
            with held_back():
                with suppress(EnvironmentProblem):  # a shop that has ended has no fault to restore
                    self._end_process_faults()
                for service, fault in found.items():
                    wait_until(partial(self._is_set, service, fault), within_s=RESTORES_WITHIN_S)

    def clear(self) -> None:
        """Let no service have a fault."""
        for service in SICK_CAN_BE:
            self._shop.set_fault(service, None)

    def inject(self) -> None:
        """Put every fault in."""
        for service, fault in self.faults.items():
            match fault:
                case Stop():
                    self._is_done_to.add(service)
                    self._processes.suspend(service)
                case Kill():
                    self._is_done_to.add(service)
                    self._processes.kill(service)
                case _:
                    self._shop.set_fault(service, self._as_json(fault))

    def heal(self) -> None:
        """Take every fault out; wait for a service that cannot be told.

        Raises:
            EnvironmentProblem: a service is not back in time.
        """
        self._end_process_faults()
        for service in self.faults:
            if not wait_until(partial(self._is_healed, service), within_s=HEALS_WITHIN_S):
                raise EnvironmentProblem(f"{service.name} was not back within {HEALS_WITHIN_S:.0f} s")

    def _is_healed(self, service: Service) -> bool:
        fault, cold = self.faults[service], None
        if isinstance(fault, Kill) and fault.cold_s:
            cold = Slow(delay_s=fault.cold_delay_s, for_s=fault.cold_s)
        return self._is_set(service, shown(cold))

    def _is_set(self, service: Service, fault: dict[str, Any] | None) -> bool:
        with suppress(EnvironmentProblem):  # it does not listen yet, or has ended
            self._shop.set_fault(service, fault)
            return True
        return False

    def _end_process_faults(self) -> None:
        while self._is_done_to:
            service = self._is_done_to.pop()
            if isinstance(self.faults[service], Kill):
                self._processes.restart(service)
            else:
                self._processes.resume(service)

    def _as_json(self, fault: Fault | ProcessFault) -> dict[str, Any] | None:
        """Return the fault for PUT /faults: a refusal, which nobody can heal from outside, ends with the phase."""
        as_json = shown(fault)
        if as_json and isinstance(fault, Refuse):
            asked_s = fault.for_s if "for_s" in fault.model_fields_set else LONGEST_S
            as_json["for_s"] = min(self._longest_s, asked_s)
        return as_json
