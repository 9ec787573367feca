"""What a replica tells the others: what it has seen of each dependency. It is no order, and no verdict on theirs."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

LONGEST_NAME = 80
MOST_CIRCUITS = 10

Count = Annotated[int, Field(ge=0)]
Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]


class CircuitEvidence(BaseModel):
    """One circuit of a replica."""

    model_config = ConfigDict(frozen=True)

    name: Name
    is_open: bool  # OPEN or HALF-OPEN, and no operator's doing
    by_itself: bool  # its own calls or probes have failed; False after an early opening
    failures: Count  # that count towards a trip
    good_probes: Count  # since the replica's start, as all counts of probes
    failed_probes: Count


class Evidence(BaseModel):
    """Everything that a replica says at one moment. It has no time: whoever hears it counts its age from then."""

    model_config = ConfigDict(frozen=True)

    replica: Name
    number: Count  # grows with each message, so that a message that comes late is known as such
    circuits: Annotated[tuple[CircuitEvidence, ...], Field(max_length=MOST_CIRCUITS)]

    def of(self, circuit: str) -> CircuitEvidence | None:
        """Return what is said of the circuit of that name."""
        return next((one for one in self.circuits if one.name == circuit), None)
