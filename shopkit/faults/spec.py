"""A fault in one word, as on the command line: `hang`, `error,status=503,rate=0.5`, `product:slow,delay_s=1`."""

from typing import Any

from pydantic import ValidationError

from shopkit.faults.vocabulary import ANY_FAULT, GROUPS, Fault, ProcessFault, kind_of
from shopkit.validation import first_problem

SERVICES = {"recommendations": "recommendations-service", "product": "product-service"}
KINDS = [kind_of(model) for models in GROUPS.values() for model in models]


class BadSpec(ValueError):
    """A specification that names no fault; the message is one line that says what is allowed."""


def parse(spec: str) -> tuple[str, Fault | ProcessFault]:
    """Return the name of the service and the fault.

    Raises:
        BadSpec: the specification is not one.
    """
    where, colon, what = spec.rpartition(":")
    service = where if colon else "recommendations"
    if service not in SERVICES:
        raise BadSpec(f"{spec!r}: no service {service!r}; there are: {', '.join(SERVICES)}")
    kind, *parts = what.split(",")
    if kind not in KINDS:
        raise BadSpec(f"{spec!r}: no fault {kind!r}; there are: {', '.join(KINDS)}")
    try:
        return SERVICES[service], ANY_FAULT.validate_python({"kind": kind, **_parameters(spec, parts)})
    except ValidationError as error:
        problem = first_problem(error)
        field = problem.field.removeprefix(f"{kind}.") if problem.field != kind else ""
        raise BadSpec(f"{spec!r}: {f'{field}: ' if field else ''}{problem.message}{_allowed(kind, field)}") from None


def spec_of(service: str, fault: Fault | ProcessFault) -> str:
    """Return the specification of a fault, with what was set."""
    where = {name: short for short, name in SERVICES.items()}[service]
    changed = fault.model_dump(exclude_unset=True, exclude={"kind"})
    parts = [fault.kind, *(f"{name}={value}" for name, value in changed.items())]
    return ("" if where == "recommendations" else f"{where}:") + ",".join(parts)


def _parameters(spec: str, parts: list[str]) -> dict[str, Any]:
    parameters: dict[str, Any] = {}
    for part in parts:
        name, equals, value = part.partition("=")
        if not equals or name in parameters or name == "kind":
            raise BadSpec(f"{spec!r}: {part!r} should look like name=value, each name at most once")
        parameters[name] = value
    return parameters


def _allowed(kind: str, field: str) -> str:
    """Return which parameters there are, where the field is none of them."""
    fields = next(m for models in GROUPS.values() for m in models if kind_of(m) == kind).model_fields
    return (
        "" if not field or field in fields else f"; {kind} has: {', '.join(name for name in fields if name != 'kind')}"
    )
