"""The way between the replicas."""

from collections.abc import Iterable
from typing import Protocol


class ChannelDown(Exception):
    """The channel does not work; the message says why, in words for an operator."""


class Channel(Protocol):
    """Brings every message to every replica, or raises ChannelDown within a fraction of a second."""

    def publish(self, message: str) -> None:
        """Send a message to all replicas, this one too."""

    def messages(self, wait_s: float) -> Iterable[bytes]:
        """Return the messages that have come; wait for the first for so many seconds at most."""

    def close(self) -> None:
        """Give up the connections."""
