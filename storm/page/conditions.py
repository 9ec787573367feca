"""How the storm was measured, as the page lists it."""

from report.quantities import number, seconds
from storm.model import Storm
from storm.plan import TRIGGERS


def conditions(storm: Storm) -> dict[str, str]:
    """Return what was asked for, and of which machine."""
    asked, host = storm.conditions, storm.host
    can = number(asked.slots / asked.service_s)
    return {
        "trigger": f"{asked.trigger}: {TRIGGERS[asked.trigger]}",
        "load": f"{number(asked.arrival_rate_per_s)} product pages/s at each gateway, the same ones everywhere, "
        "at random moments that do not wait for answers",
        "dependency": f"one for each gateway; {asked.slots} calls at a time, {seconds(asked.service_s)} each: {can}/s",
        "gateways": f"each waits {seconds(asked.timeout_s)} for a call, and with retries makes up to {asked.attempts}",
        "breaker": f"a cooldown of {seconds(asked.cooldown_s)}",
        "phases": f"well {seconds(asked.well_s)}, the trigger, {seconds(asked.after_s)} after it",
        "scale": number(asked.scale),
        "runs": number(asked.seeds),
        "visitors": "they wait for their pages to the end: only the gateways give up on a call, and call again",
        "started": f"{storm.started_at:%Y-%m-%d %H:%M} UTC",
        "machine": f"{host.cpus} CPUs, {host.system}, Python {host.python}",
    }
