"""What the run set out to show, tested on what it measured."""

import math
from typing import Literal

from pydantic import BaseModel

from experiment.summary import GatewayResult

Relation = Literal["=", "<=", ">="]

MARGIN_MS = 100  # on top of the deadline: two hops, and this machine's scheduling
CEILING_SHARE = 0.95


class Claim(BaseModel):
    """One statement, with what was measured and what was asked for."""

    name: str
    measured: float
    relation: Relation
    threshold: float
    held: bool


def claims(
    v1: GatewayResult, v2: GatewayResult, *, deadline_ms: float, ceiling_per_s: float, chance_share: float
) -> list[Claim]:
    """Judge a run with a hanging dependency.

    `ceiling_per_s` is what the load can make; `chance_share` is by how much of it chance moves the count (three
    standard deviations): where that is more than half of what the claim allows, the run is too short to tell, and the
    claim is not made.
    """
    pages_v1, pages_v2 = v1.product_details, v2.product_details
    served_v1, served_v2 = pages_v1.full + pages_v1.degraded, pages_v2.full + pages_v2.degraded
    slowest_ms = pages_v2.latency.max_ms if pages_v2.latency else math.inf
    made = [
        _claim("v1 serves none of its product pages", served_v1, "=", 0),
        _claim("v2 serves every product page", served_v2, "=", pages_v2.requests),
        _claim("v2's slowest product page is within its deadline (ms)", slowest_ms, "<=", deadline_ms + MARGIN_MS),
    ]
    if chance_share < (1 - CEILING_SHARE) / 2:
        wanted_per_s = round(CEILING_SHARE * ceiling_per_s, 2)
        made.append(
            _claim(
                "v2 answers all that this load can ask (requests/s)", v2.all_requests.answers_per_s, ">=", wanted_per_s
            )
        )
    return made


def _claim(name: str, measured: float, relation: Relation, threshold: float) -> Claim:
    held = {"=": measured == threshold, "<=": measured <= threshold, ">=": measured >= threshold}[relation]
    return Claim(name=name, measured=measured, relation=relation, threshold=threshold, held=held)
