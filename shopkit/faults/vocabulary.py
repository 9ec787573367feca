"""The vocabulary of faults, for the API, the control room and the command line.

Each kind has a model of its own, so that an error names the field.
"""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

Seconds = Annotated[float, Field(gt=0, le=300)]
SecondsOrNone = Annotated[float, Field(ge=0, le=300)]
Status = Annotated[int, Field(ge=400, le=599)]


class BaseFault(BaseModel):
    """What every fault has."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rate: float = Field(1.0, gt=0, le=1)  # the share of calls that the fault hits
    product_id: int | None = Field(None, ge=1, le=999_999_999)  # hits calls for this product only
    for_s: Seconds | None = None  # heals itself after so many seconds
    for_calls: int | None = Field(None, ge=1, le=10**6)  # heals itself when it has hit so many calls


class Hang(BaseFault):
    """No answer for `delay_s` seconds, then status 408, like a stuck database query."""

    kind: Literal["hang"] = "hang"
    delay_s: Seconds = 30.0


class Slow(BaseFault):
    """The right answer, `delay_s` seconds late, give or take `jitter_s`, and later every second by `growth_s`."""

    kind: Literal["slow"] = "slow"
    delay_s: Seconds = 1.0
    jitter_s: SecondsOrNone = 0.0
    growth_s: SecondsOrNone = 0.0

    @model_validator(mode="after")
    def _never_early(self) -> Self:
        if self.jitter_s > self.delay_s:
            raise ValueError("jitter_s should be at most delay_s")
        return self


class LongTail(BaseFault):
    """The right answer; a `share` of them is `delay_s` seconds late."""

    kind: Literal["long-tail"] = "long-tail"
    share: float = Field(0.02, gt=0, le=1)
    delay_s: Seconds = 1.2


class Drip(BaseFault):
    """The right answer, one byte every `interval_s` seconds, so that no single read times out."""

    kind: Literal["drip"] = "drip"
    part: Literal["body", "head"] = "body"
    interval_s: Seconds = 1.0


class Error(BaseFault):
    """An error status at once."""

    kind: Literal["error"] = "error"
    status: Status = 500
    retry_after_s: int | None = Field(None, ge=0, le=3600)  # the header Retry-After


class Malformed(BaseFault):
    """Status 200 and a body that is not what was agreed."""

    kind: Literal["malformed"] = "malformed"
    body: Literal["not-json", "wrong-shape", "empty", "huge"] = "not-json"


class Redirect(BaseFault):
    """A redirect to the same address, for ever."""

    kind: Literal["redirect"] = "redirect"


class WholeFault(BaseFault):
    """A fault that hits every call."""

    @model_validator(mode="after")
    def _spares_nobody(self) -> Self:
        if self.rate < 1 or self.product_id is not None or self.for_calls is not None:
            raise ValueError("it hits every call: leave out rate, product_id and for_calls")
        return self


class Refuse(WholeFault):
    """No new connection for `for_s` seconds, unless an open one heals it. Other calls on open ones are reset."""

    kind: Literal["refuse"] = "refuse"
    for_s: Seconds = 10.0  # always: it can only end by itself


class Reset(BaseFault):
    """The connection is reset before any answer."""

    kind: Literal["reset"] = "reset"


class Cut(BaseFault):
    """The connection ends in the middle of the body."""

    kind: Literal["cut"] = "cut"


class Flapping(BaseFault):
    """An error status for `broken_s` seconds, then the right answers for `well_s` seconds, again and again."""

    kind: Literal["flapping"] = "flapping"
    broken_s: Seconds = 1.0
    well_s: Seconds = 1.0
    status: Status = 500


class EveryNth(BaseFault):
    """An error status for every `n`th call."""

    kind: Literal["every-nth"] = "every-nth"
    n: int = Field(3, ge=2, le=10**6)
    status: Status = 500


class Capacity(BaseFault):
    """Only `slots` calls are worked on at a time, `service_s` seconds each; the others wait their turn.

    First come, first served; while more calls wait than `newest_first_beyond`, the newest is served first, and the
    oldest is the one that a full queue refuses. A call that has begun to wait is worked on even if its caller has left,
    unless the service `obeys_deadline`: then it skips a call whose turn comes after the time that the caller said was
    left. In its first `cold_s` seconds the service takes `cold_factor` times as long, as after a restart.
    """

    kind: Literal["capacity"] = "capacity"
    slots: int = Field(2, ge=1, le=64)
    service_s: Seconds = 0.1
    queue: int | None = Field(None, ge=0, le=10**6)  # calls that may wait, others get 503 at once; None: any number
    newest_first_beyond: int | None = Field(None, ge=0, le=10**6)  # so many waiting calls; None: never
    cold_s: SecondsOrNone = 0.0
    cold_factor: float = Field(1.0, ge=1, le=100)
    obeys_deadline: bool = False  # that its callers pass on (shopkit/time_left.py)


class LastingFault(WholeFault):
    """A fault that never heals itself."""

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.for_s is not None:
            raise ValueError("it lasts until it is healed: leave out for_s")
        return self


class Stop(LastingFault):
    """The process is suspended (SIGSTOP): the system accepts connections for it, and nobody answers."""

    kind: Literal["stop"] = "stop"


class Kill(LastingFault):
    """The process is killed. To heal it is to start it again; each answer of its first `cold_s` seconds is slow."""

    kind: Literal["kill"] = "kill"
    cold_s: SecondsOrNone = 5.0
    cold_delay_s: Seconds = 0.5


Fault = Annotated[
    Hang
    | Slow
    | LongTail
    | Drip
    | Error
    | Malformed
    | Redirect
    | Refuse
    | Reset
    | Cut
    | Flapping
    | EveryNth
    | Capacity,
    Field(discriminator="kind"),
]
ProcessFault = Stop | Kill  # done to the process by who runs it, and not by the service itself
AnyFault = Annotated[Fault | ProcessFault, Field(discriminator="kind")]

FAULT: TypeAdapter[Fault] = TypeAdapter(Fault)
ANY_FAULT: TypeAdapter[Fault | ProcessFault] = TypeAdapter(AnyFault)

GROUPS: dict[str, tuple[type[BaseFault], ...]] = {
    "time": (Hang, Slow, LongTail, Drip),
    "answers": (Error, Malformed, Redirect),
    "connection": (Refuse, Reset, Cut),
    "pattern": (Flapping, EveryNth),
    "capacity": (Capacity,),
    "process": (Stop, Kill),
}


def kind_of(model: type[BaseFault]) -> str:
    """Return the name of a kind."""
    kind: str = model.model_fields["kind"].default
    return kind


def shown(fault: BaseFault | None) -> dict[str, object] | None:
    """Return a fault as JSON, without what it does not limit; None for None."""
    return fault.model_dump(exclude_none=True) if fault else None
