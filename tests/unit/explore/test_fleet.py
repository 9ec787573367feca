"""Many gateways and one sick dependency."""

from explore.fleet import JITTERS, SAMPLED, fleet
from explore.latency import QuantileLatency
from explore.point import Point
from explore.traffic import Traffic

TRAFFIC = Traffic(10.0, QuantileLatency({0.5: 0.01}))


def test_jitter_spreads_the_probes_of_gateways_that_tripped_together() -> None:
    """On average as many reach the dependency, in the worst second far fewer; the sample stands for all."""
    together, apart = (fleet(Point(reset_jitter=jitter), TRAFFIC, 1000) for jitter in JITTERS)
    assert together.most_calls_per_s > 2 * apart.most_calls_per_s
    assert 0.8 < together.calls_per_s / apart.calls_per_s < 1.25
    assert together.calls_per_s < 1000 / 10
    assert together.first_calls_per_s > 1000
    assert fleet(Point(), TRAFFIC, SAMPLED).first_calls_per_s == together.first_calls_per_s / (1000 / SAMPLED)


def test_jitter_spreads_the_return_of_gateways_whose_dependency_has_healed() -> None:
    """They close within a cooldown of their own: all at once without jitter, one after the other with it."""
    together, apart = (fleet(Point(reset_jitter=jitter), TRAFFIC, 1000) for jitter in JITTERS)
    assert together.rise_per_s > 2 * apart.rise_per_s
    assert together.rise_per_s < 1000 * 10 * 1.5  # not more than they asked for before
    assert together.closed_s is not None
    assert apart.closed_s is not None
    assert together.closed_s < 2 + 10 + 1
    assert apart.closed_s < 2 + 15 + 1
