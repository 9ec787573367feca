"""What happens to every lane at the same moment, for a few seconds, and then no more."""

import signal
from collections.abc import Callable

from storm.plan import BURST_FACTOR, COLD_FACTOR, COLD_S, DOWN_S
from storm.stage import Stage

Span = tuple[float, float]  # begin and end, in seconds of the run


def stall(stage: Stage) -> Span:
    """Suspend the dependencies. What is sent to them meanwhile waits in the system's queues, and they find it there."""
    begins_s = stage.clock.now_s()
    _send_all(stage, signal.SIGSTOP)
    stage.wait(stage.plan.trigger_s)
    _send_all(stage, signal.SIGCONT)
    return begins_s, stage.clock.now_s()


def kill(stage: Stage) -> Span:
    """Kill the dependencies, and start them again. They are cold at first; the trigger is over when they are warm."""
    begins_s = stage.clock.now_s()
    for server in stage.dependencies:
        stage.servers.kill(server)
    stage.wait(DOWN_S)
    for server in stage.dependencies:
        stage.servers.start(server)
    for server in stage.dependencies:
        stage.servers.wait_until_ready(server)
    stage.limit_capacity(cold_s=COLD_S, cold_factor=COLD_FACTOR)
    stage.wait(COLD_S)
    return begins_s, stage.clock.now_s()


def burst(stage: Stage) -> Span:
    """Let more visitors come; they count like all others."""
    generator = stage.ready_load(stage.plan.arrival_rate_per_s * (BURST_FACTOR - 1), stage.plan.trigger_s)
    begins_s = stage.clock.now_s()
    generator.begin()
    stage.wait(stage.plan.trigger_s)
    return begins_s, stage.clock.now_s()


TRIGGERS: dict[str, Callable[[Stage], Span]] = {"stall": stall, "kill": kill, "burst": burst}


def _send_all(stage: Stage, number: signal.Signals) -> None:
    for server in stage.dependencies:
        assert server.process is not None  # noqa: S101 - it runs
        server.process.send(number)
