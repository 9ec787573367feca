"""What the storm shows, in one sentence, the claims that do not hold before it."""

from collections.abc import Iterator

from report.quantities import seconds, share
from report.verdict import shown
from storm.ladder import BREAKER, UNPROTECTED
from storm.model import Storm


def headline(storm: Storm) -> list[tuple[str, str]]:
    """Return sentences, each with its kind: unheld, interrupted or result."""
    return list(_headline(storm))


def _headline(storm: Storm) -> Iterator[tuple[str, str]]:
    asked = storm.conditions
    for claim in storm.claims:
        if not claim.held:
            yield "unheld", f"DOES NOT HOLD: {shown(claim)}"
    if not storm.complete:
        is_left = "" if storm.loop else ", and the loop is missing"
        yield "interrupted", f"INTERRUPTED: {len(storm.runs)} of {asked.seeds} runs are made{is_left}."
    down, guarded = storm.of(UNPROTECTED.name), storm.of(BREAKER.name)
    most = share(max(run.down_share for run in down))
    times_s = [run.recovered_after_s for run in guarded]
    again = [time_s for time_s in times_s if time_s is not None]
    of_guard = f"well again after {seconds(max(again))}" if len(again) == len(times_s) else "not well again, either"
    text = (
        f"The cause was gone after {seconds(_trigger_s(storm), 0)}. Of the pages asked for in the "
        f"{seconds(asked.stays_down_s, 0)} after it, {most} were whole without protection; with the breaker, the shop "
        f"was {of_guard}."
    )
    yield "result", text


def _trigger_s(storm: Storm) -> float:
    return max(run.trigger_to_s - run.trigger_from_s for run in storm.runs)
