"""What several commands share: kinds of options, and how they enter .venv."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from typing import TypeVar

from demo import setup
from experiment.processes import TRACES_GO_TO

T = TypeVar("T")

NEEDS_PACKAGES = {TRACES_GO_TO: "tracing", "CIRCUIT_SHARE_URL": "fleet"}  # settings, and the locks that they need


def whole(low: int, high: int) -> Callable[[str], int]:
    """Return a parser of whole numbers from `low` to `high`."""

    def parse(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= len(str(high)) and low <= int(text) <= high):
            raise ArgumentTypeError(f"{text!r} is not a whole number from {low} to {high}")
        return int(text)

    return parse


def parsed(parse: Callable[[str], T]) -> Callable[[str], T]:
    """Return a parser whose ValueError argparse passes on."""

    def parsed(text: str) -> T:
        try:
            return parse(text)
        except ValueError as error:
            raise ArgumentTypeError(str(error)) from None

    return parsed


def add_engine(parser: ArgumentParser) -> None:
    """Add the option that says where services run."""
    parser.add_argument(
        "--engine",
        choices=("local", "docker"),
        default="local",
        help="where services run: as processes on this machine (default), or with Docker Compose",
    )


def enter_for_services(lock: str) -> None:
    """Enter .venv for services with the user's settings: some need packages of their own."""
    setup.enter(lock)
    from experiment.services import settings_given

    given = settings_given()
    extras = [extra for setting, extra in NEEDS_PACKAGES.items() if given.get(setting)]
    if extras:
        setup.enter(lock, *extras)
