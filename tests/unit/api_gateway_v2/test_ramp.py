"""The ramp after recovery."""

from api_gateway_v2.ramp import Ramp


def test_admits_everything_unless_started() -> None:
    """Without a start, after a stop, and with a length of zero, every call is admitted."""
    assert Ramp(10).admits(0.0)

    stopped = Ramp(10)
    stopped.start(0.0)
    stopped.stop()
    assert stopped.admits(0.0)

    at_once = Ramp(0)
    at_once.start(5.0)
    assert (at_once.admits(5.0), at_once.share(5.0)) == (True, 1.0)


def test_admitted_share_grows() -> None:
    """The share grows steadily: of ten calls in each quarter about 1, 4, 6 and 9 are admitted, and then all."""
    ramp = Ramp(4)
    ramp.start(100.0)
    admitted = [sum(ramp.admits(100.0 + quarter + call / 10) for call in range(10)) for quarter in range(5)]

    assert admitted == [1, 3, 6, 9, 10]
    assert [ramp.share(100.0 + seconds) for seconds in (0, 1, 2, 3, 4, 5)] == [0, 0.25, 0.5, 0.75, 1, 1]


def test_second_start_begins_afresh() -> None:
    """A circuit that trips during the ramp begins it again with a share of zero."""
    ramp = Ramp(4)
    ramp.start(0.0)
    while not ramp.admits(3.0):
        pass
    ramp.start(3.0)

    assert not ramp.admits(3.0)
    assert ramp.share(3.0) == 0
