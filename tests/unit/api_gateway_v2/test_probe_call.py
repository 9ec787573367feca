"""What a probe asks."""

import pytest

from api_gateway_v2.probe_call import ProbeCall
from shopkit.errors import RequestRejected, Unreachable


def rejected() -> object:
    """Be rejected."""
    raise RequestRejected(404, "no such product")


def unreachable() -> object:
    """Fail."""
    raise Unreachable("recommendations-service", "is away")


def test_repeats_what_was_asked_last() -> None:
    """The probe makes the last call that a user wanted, and the first one until there is any."""
    probe = ProbeCall(lambda: "first")
    assert probe() == "first"

    probe.asked = lambda: "last"
    assert probe() == "last"


def test_falls_back_on_what_was_answered_when_rejected() -> None:
    """A rejected call proves nothing, so the probe then makes the call that had a good answer."""
    probe = ProbeCall(rejected)
    probe.answered = lambda: "good"
    assert probe() == "good"

    probe.answered = rejected
    with pytest.raises(RequestRejected):
        probe()


def test_failed_probe_is_followed_by_what_was_answered() -> None:
    """After a failed probe the next one makes the other call, so one sick product does not decide for all."""
    probe = ProbeCall(lambda: "good")
    probe.asked = unreachable
    with pytest.raises(Unreachable):
        probe()

    assert probe() == "good"
    with pytest.raises(Unreachable):
        probe()
