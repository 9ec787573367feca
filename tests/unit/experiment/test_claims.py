"""What the run set out to show, judged."""

from typing import Any

import pytest

from experiment.claims import Claim, claims
from experiment.summary import GatewayResult, Latency, Summary


def summary(latency_ms: float | None = 3.0, **counts: Any) -> Summary:
    """Return a summary with these counts, and all answers equally fast."""
    latency = None
    if latency_ms is not None:
        latency = Latency(**dict.fromkeys(Latency.model_fields, latency_ms))
    zero = dict.fromkeys(("full", "degraded", "failed", "unanswered"), 0)
    return Summary(
        **{"requests": sum(counts.values())} | zero | counts,
        failed_or_unanswered_share=0,
        answers_per_s=60,
        latency=latency,
    )


def judge(v1: Summary, v2: Summary, *, ceiling_per_s: float = 60, chance_share: float = 0.01) -> list[Claim]:
    """Return the claims on a run with these product pages."""
    results = [GatewayResult(product_details=s, catalogue=summary(), all_requests=s) for s in (v1, v2)]
    return claims(*results, deadline_ms=2000, ceiling_per_s=ceiling_per_s, chance_share=chance_share)


def test_all_claims_hold_on_a_good_run() -> None:
    """v1 serves nothing, v2 everything in time, at the load's ceiling."""
    made = judge(summary(None, unanswered=50), summary(degraded=100))
    assert len(made) == 4
    assert all(claim.held for claim in made)


@pytest.mark.parametrize(
    ("v1", "v2", "broken"),
    [
        (summary(full=1, unanswered=50), summary(degraded=100), "v1 serves none"),
        (summary(failed=50), summary(degraded=99, failed=1), "v2 serves every"),
        (summary(failed=50), summary(degraded=99, unanswered=1), "v2 serves every"),
        (summary(failed=50), summary(2101.0, degraded=100), "within its deadline"),
        (summary(failed=50), summary(None, unanswered=5), "within its deadline"),
    ],
)
def test_claim_that_does_not_hold_says_so(v1: Summary, v2: Summary, broken: str) -> None:
    """Each way to fall short is seen."""
    assert any(broken in claim.name for claim in judge(v1, v2) if not claim.held)


def test_slow_gateway_is_seen_in_the_throughput() -> None:
    """Fewer answers than 95 % of what the load can ask break the claim."""
    broken = [c.name for c in judge(summary(failed=5), summary(degraded=100), ceiling_per_s=64) if not c.held]
    assert broken == ["v2 answers all that this load can ask (requests/s)"]


def test_run_too_short_to_tell_makes_no_claim_about_throughput() -> None:
    """Where chance alone can move the count by more than half of what the claim allows, the claim is left out."""
    assert len(judge(summary(failed=5), summary(degraded=100), ceiling_per_s=64, chance_share=0.03)) == 3
