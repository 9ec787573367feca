"""Where the page refuses to promise what the model says."""

from explore.model import Verification
from report.quantities import share

MOST_BUSY = 0.7  # share of a core that the gateway uses: the model knows no processor, and no queue for it


def refusal(verified: Verification | None, rate_per_s: float) -> str:
    """Return why the figures of a rate are not promised; nothing if they are."""
    if verified is None:
        return "Not promised: nothing was verified on real servers yet."
    busy = rate_per_s * verified.gateway_cpu_s
    if busy > MOST_BUSY:
        return f"Not promised: at this rate, the gateway of the verification would need {share(busy)} of a core."
    if rate_per_s > verified.most_calls_per_s:
        return f"Not promised: nothing was verified beyond {verified.most_calls_per_s:g} calls/s."
    return ""
