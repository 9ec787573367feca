"""The options that the load adds to Locust's command line."""

import os
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Self

from locust import events
from locust.argument_parser import LocustArgumentParser

from load.visits import PAUSE_S, ROUTES

ENDLESS = float("inf")


@dataclass(frozen=True, slots=True)
class Options:
    """The options of one load; the defaults are those of a `locust` started by hand."""

    seed: str = "0"
    only: str = ""
    pause_s: Sequence[float] = PAUSE_S  # shortest and longest
    ramp_per_s: float = 0.0
    arrival_rate_per_s: float = 0.0
    last_start_s: float = ENDLESS
    on_signal: bool = False
    request_log: str = os.devnull
    also: Sequence[str] = ()
    expect_workers: int = 1  # Locust's own option: the workers that share the load

    def of_worker(self, worker: int) -> Self:
        """Return the options of one of Locust's workers, from 0: its part of the load, and a seed of its own."""
        return replace(
            self,
            seed=f"{self.seed} {worker}" if worker else self.seed,
            ramp_per_s=self.ramp_per_s / self.expect_workers,
            arrival_rate_per_s=self.arrival_rate_per_s / self.expect_workers,
        )


def options_of(parsed: Namespace | None) -> Options:
    """Return our part of what Locust has parsed; the defaults where Locust runs without a command line."""
    return Options(**{field.name: getattr(parsed, field.name) for field in fields(Options)}) if parsed else Options()


@events.init_command_line_parser.add_listener
def _add_options(parser: LocustArgumentParser) -> None:
    def add(name: str, dest: str, **how: object) -> None:
        parser.add_argument(name, dest=dest, default=getattr(Options(), dest), include_in_web_ui=False, **how)

    add("--seed", "seed", metavar="N", help="seed of the random numbers: the same seed makes the same visits")
    add("--only", "only", choices=tuple(ROUTES), help="make only this kind of visit")
    add("--pause", "pause_s", type=float, nargs=2, metavar=("FROM", "TO"), help="seconds a user pauses after an answer")
    add("--ramp", "ramp_per_s", type=float, metavar="N", help="users who join each second (0: all)")
    add("--arrival-rate", "arrival_rate_per_s", type=float, metavar="R", help="requests/s, for load/arrivals.py")
    add("--last-start", "last_start_s", type=float, metavar="S", help="start no request after S seconds")
    add("--on-signal", "on_signal", action="store_true", help="begin on SIGUSR1, end on SIGUSR2")
    add("--request-log", "request_log", metavar="FILE", help="write every request to this file, those of all workers")
    add(
        "--also",
        "also",
        nargs="+",
        metavar="URL",
        help="more hosts with the same load, for load/arrivals.py (log: FILE.N)",
    )
