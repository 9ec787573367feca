"""Replicas that share what they see, in one process and in time that a test moves."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from api_gateway_v2.breaker import Breaker
from api_gateway_v2.breaker_settings import BreakerSettings
from api_gateway_v2.fleet.channel import ChannelDown
from api_gateway_v2.fleet.fleet import Fleet
from api_gateway_v2.fleet.member import TICK_S, Member
from api_gateway_v2.fleet.shared_circuit import SharedCircuit
from api_gateway_v2.permits import kind_of
from support.circuits import FixedRng, ManualClock

CIRCUIT = "recommendations-service"
DEADLINE_S = 2.0
SICK = ConnectionError("refused")


@dataclass
class FakeServer:
    """What Redis is to the replicas."""

    trouble: str = ""  # why it fails, if it does
    delivers: bool = True
    channels: list["FakeChannel"] = field(default_factory=list)

    def connect(self) -> "FakeChannel":
        """Return a new channel."""
        self.check()
        self.channels.append(FakeChannel(self))
        return self.channels[-1]

    def check(self) -> None:
        """Fail if the server does."""
        if self.trouble:
            raise ChannelDown(self.trouble)

    def deliver(self, message: bytes) -> None:
        """Bring a message to everybody, whoever has sent it."""
        for channel in self.channels if self.delivers else ():
            channel.inbox.append(message)


@dataclass
class FakeChannel:
    """One replica's way to the others."""

    server: FakeServer
    inbox: list[bytes] = field(default_factory=list)

    def publish(self, message: str) -> None:
        """Send a message to all."""
        self.server.check()
        self.server.deliver(message.encode())

    def messages(self, wait_s: float) -> Iterable[bytes]:  # noqa: ARG002 - Channel's signature
        """Return what has come, without waiting."""
        self.server.check()
        heard, self.inbox = self.inbox, []
        return heard

    def close(self) -> None:
        """Leave."""
        self.server.channels.remove(self)


class Replica:
    """A gateway's circuit and its part in the fleet; `error` is what its path to the dependency does to probes."""

    def __init__(
        self, name: str, clock: ManualClock, settings: BreakerSettings, connect: Callable[[], FakeChannel]
    ) -> None:
        self.breaker = Breaker(CIRCUIT, settings, clock=clock, rng=FixedRng(0.5))
        self.shared = SharedCircuit(self.breaker, deadline_s=DEADLINE_S, rng=FixedRng(0.5))
        self.breaker.add_listener(self.shared)
        self.member = Member(Fleet([self.shared], clock), connect, lambda: name, clock=clock, sleep=lambda _s: None)
        self.member.fleet.begin(name)
        self.error: Exception | None = None
        self.probed_at_s: list[float] = []
        self.runs = True
        self.can_probe = True

    def turn(self) -> None:
        """Let the thread of the fleet take a turn, and make the probe that is due."""
        if not self.runs:
            return
        self.member.turn()
        permit = self.breaker.admit_probe() if self.can_probe else None
        if permit:
            self.probed_at_s.append(permit.admitted_at_s)
            self.breaker.settle(permit, self.error)
            self.breaker.listeners.probed(kind_of(self.error))


class FakeFleet:
    """Some replicas and the server between them."""

    def __init__(self, number: int, **settings: float) -> None:
        self.clock = ManualClock()
        self.server = FakeServer()
        rules = BreakerSettings(**settings)  # type: ignore[arg-type]  # as given
        self.replicas = [Replica(name, self.clock, rules, self.server.connect) for name in "abcdef"[:number]]

    def run(self, seconds: float) -> None:
        """Let so much time pass."""
        for _ in range(round(seconds / TICK_S)):
            self.clock.move(TICK_S)
            for replica in self.replicas:
                replica.turn()
