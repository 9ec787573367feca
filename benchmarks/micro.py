"""The cost of a call: CLOSED, and refused while OPEN.

Every round measures all peers one after another and starts with a different one, so that whatever else this machine
does affects all of them alike.
"""

from statistics import median

from benchmarks.peers import PEERS, Peer, PybreakerCall, Unprotected
from benchmarks.results import Cost, Spread

CALLS = 1000  # in one measurement
NEVER_S = 3600.0  # a cooldown that outlasts every measurement
REFERENCE = PybreakerCall
MEASURED: tuple[type[Peer], ...] = (Unprotected, *PEERS)

Measurements = dict[type[Peer], list[float]]  # microseconds for one call


def costs(rounds: int, calls: int = CALLS) -> list[Cost]:
    """Return the cost of every peer over `rounds` rounds."""
    closed: Measurements = {peer: [] for peer in MEASURED}
    refused: Measurements = {peer: [] for peer in PEERS}
    closed_peers = {peer: peer() for peer in MEASURED}
    open_peers = {peer: _opened(peer) for peer in PEERS}
    for number in range(rounds):
        for peer in _rotated(number):
            closed[peer].append(_measure(closed_peers[peer], calls))
            if peer in refused:
                refused[peer].append(_measure(_opened(peer) if peer.ages_while_open else open_peers[peer], calls))
    return [_cost(peer, closed, refused) for peer in MEASURED]


def _rotated(by: int) -> tuple[type[Peer], ...]:
    first = by % len(MEASURED)
    return MEASURED[first:] + MEASURED[:first]


def _opened(peer: type[Peer]) -> Peer:
    breaker = peer(cooldown_s=NEVER_S)
    breaker.trip()
    return breaker


def _measure(peer: Peer, calls: int) -> float:
    return peer.repeat(calls) / calls * 1e6


def _cost(peer: type[Peer], closed: Measurements, refused: Measurements) -> Cost:
    return Cost(
        peer=peer.name,
        closed_us=spread(closed[peer]),
        closed_ratio=_ratio(closed[peer], closed[REFERENCE]),
        refused_us=spread(refused[peer]) if peer in refused else None,
        refused_ratio=_ratio(refused[peer], refused[REFERENCE]) if peer in refused else None,
    )


def spread(values: list[float], digits: int = 3) -> Spread:
    """Return the extremes and the median."""
    low, middle, high = (round(value, digits) for value in (min(values), median(values), max(values)))
    return Spread(minimum=low, median=middle, maximum=high)


def _ratio(values: list[float], reference: list[float]) -> float:
    return round(median(values) / median(reference), 2)
