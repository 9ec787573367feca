"""The fault that is to be expected: some of those of docs/faults.md, as the twin knows them."""

from experiment.errors import UsageError
from explore.traffic import Fault
from shopkit.faults import spec
from shopkit.faults.vocabulary import Error, Hang, Slow

FAILED = 500  # a status from here on is a failure


def fault_from(text: str) -> Fault:
    """Return the fault that a specification such as `hang`, `error,rate=0.5` or `slow,delay_s=1` stands for.

    Raises:
        UsageError: it is none of them, or has a parameter that the twin does not know.
    """
    try:
        service, fault = spec.parse(text)
    except spec.BadSpec as error:
        raise UsageError(f"argument --fault: {error}") from None
    match fault:
        case Hang(rate=rate) if _has_only(fault, "rate"):
            found = Fault(hang_share=rate)
        case Error(rate=rate, status=status) if _has_only(fault, "rate", "status") and status >= FAILED:
            found = Fault(error_share=rate)
        case Slow(delay_s=delay_s) if _has_only(fault, "delay_s"):
            found = Fault(delay_s=delay_s)
        case _:
            service = ""
    if service != "recommendations-service":
        raise UsageError(
            f"argument --fault: {text!r}: explore knows hang and error, each with a rate, and slow with its delay_s"
        )
    return found


def _has_only(fault: Hang | Error | Slow, *names: str) -> bool:
    return fault.model_fields_set <= {"kind", *names}
