"""What the replicas of this gateway have said of late, by the time that passes here."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from api_gateway_v2.fleet.evidence import CircuitEvidence, Evidence
from api_gateway_v2.fleet.shared_circuit import SharedCircuit

TTL_S = 1.0  # how long what a replica has said counts
FORGET_S = 60.0  # how long the number of its last message is kept, so that no older one is taken for new
MOST_REPLICAS = 100


@dataclass(frozen=True, slots=True)
class Heard:
    """The last message of a replica, and when it came, on this replica's clock."""

    evidence: Evidence
    at_s: float


class Fleet:
    """The other replicas, as heard. For one thread, but for `others`."""

    def __init__(self, circuits: Sequence[SharedCircuit], clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` returns monotonic seconds."""
        self.replica = ""  # the name of this one
        self.circuits = circuits
        self.unreadable = 0  # messages that nobody of ours has sent
        self.heard_itself_at_s = float("-inf")  # which shows that messages get through
        self._clock = clock
        self._number = 0
        self._heard: Mapping[str, Heard] = {}  # replaced, never changed: other threads read it
        self._own = tuple(circuit.evidence() for circuit in circuits)

    def begin(self, replica: str) -> None:
        """Take a name; a process that begins again takes another, because its messages are numbered from 1 again."""
        self.replica = replica
        for circuit in self.circuits:
            circuit.replica = replica

    def look(self) -> bool:
        """See what this replica's own circuits have done; return whether there is news for the others."""
        before, self._own = self._own, tuple(circuit.evidence() for circuit in self.circuits)
        for circuit, old, new in zip(self.circuits, before, self._own, strict=True):
            circuit.take(self.replica, old, new, self._of(circuit))
        return self._own != before

    def message(self) -> str:
        """Return what to tell the others, as seen by the last look."""
        self._number += 1
        return Evidence(replica=self.replica, number=self._number, circuits=self._own).model_dump_json()

    def hear(self, message: bytes | str) -> None:
        """Take a message from the channel, on which anybody may have written anything."""
        try:
            evidence = Evidence.model_validate_json(message)
        except ValidationError:
            self.unreadable += 1
            return
        if evidence.replica == self.replica:
            self.heard_itself_at_s = self._clock()
        else:
            self._hear_other(evidence)

    def decide(self) -> None:
        """Let every circuit make of it what it will."""
        for circuit in self.circuits:
            circuit.decide(self._of(circuit))

    def others(self) -> dict[str, Heard]:
        """Return the last messages that still count, by replica."""
        oldest_s = self._clock() - TTL_S
        return {name: heard for name, heard in self._heard.items() if heard.at_s >= oldest_s}

    def open_replicas(self, circuit: SharedCircuit) -> int:
        """Return how many of the others are OPEN by what they have seen themselves."""
        return circuit.open_replicas(self._of(circuit))

    def forget(self) -> None:
        """Go on alone: nothing that was heard counts any longer."""
        self._heard = {}

    def _hear_other(self, evidence: Evidence) -> None:
        now_s, known = self._clock(), self._heard.get(evidence.replica)
        if known and evidence.number <= known.evidence.number:  # a server that hung delivers late
            return
        if known and now_s - known.at_s <= TTL_S:
            self._compare(known.evidence, evidence)
        kept = {name: heard for name, heard in self._heard.items() if now_s - heard.at_s <= FORGET_S}
        if len(kept) < MOST_REPLICAS or known:
            self._heard = kept | {evidence.replica: Heard(evidence, now_s)}

    def _compare(self, before: Evidence, after: Evidence) -> None:
        for circuit in self.circuits:
            old, new = before.of(circuit.breaker.name), after.of(circuit.breaker.name)
            if old and new:
                circuit.take(after.replica, old, new, self._of(circuit))

    def _of(self, circuit: SharedCircuit) -> dict[str, CircuitEvidence]:
        said = {name: heard.evidence.of(circuit.breaker.name) for name, heard in self.others().items()}
        return {name: one for name, one in said.items() if one}
