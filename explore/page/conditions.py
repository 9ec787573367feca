"""How the points were found, as the page lists it."""

from explore.measures import FAULT_S, FAULTS
from explore.model import Exploration
from report.quantities import number, seconds, share

USUAL_FAULT = "hang"


def traffic(found: Exploration) -> str:
    """Return the traffic in one sentence."""
    given = found.traffic
    quantiles = ", ".join(f"{name} {seconds(value_s)}" for name, value_s in given.latency_s.items())
    calls = f"{number(given.rate_per_s)} calls/s"
    if given.users and given.pause_s:
        shortest, longest = map(seconds, given.pause_s)
        calls = f"{number(given.users)} users who pause for {shortest} to {longest}, so up to {calls}"
    if given.slots and given.service_s:
        calls += f" to {number(given.slots)} slots for {seconds(given.service_s)} each"
    return (
        f"{calls}, {share(given.error_share)} errors while well; answers: {quantiles}; "
        f"deadline {seconds(given.deadline_s)}"
    )


def command(found: Exploration) -> str:
    """Return the command that explores the same traffic again."""
    given = found.traffic
    parts = [f"--rate {_plain(given.rate_per_s)}"]
    if given.users and given.pause_s:
        parts = [f"--users {given.users} --pause {'-'.join(f'{_plain(pause_s)}s' for pause_s in given.pause_s)}"]
    parts.append(f"--latency {','.join(f'{name}={_plain(value_s)}s' for name, value_s in given.latency_s.items())}")
    if given.slots and given.service_s:
        parts.append(f"--capacity {given.slots}x{_plain(given.service_s)}s")
    parts.append(f"--errors {_plain(100 * given.error_share)}% --deadline {_plain(given.deadline_s)}s")
    if given.fault != USUAL_FAULT:
        parts.append(f"--fault {given.fault}")
    return f"python3 run_demo.py explore {' '.join(parts)}"


def conditions(found: Exploration) -> dict[str, str]:
    """Return what was asked for, what was tried, and on which machine."""
    host, well_s = found.host, {one.does.well_s for one in found.tried}
    return {
        "traffic": f"{traffic(found)}; from {found.traffic.source}",
        "points": f"{number(len(found.tried))} tried in {seconds(found.search_s)}; "
        f"{number(len(found.best))} are beaten by no other in everything",
        "false alarms": f"counted in {number(max(well_s, default=0) / 60)} simulated minutes without a fault, and in "
        f"{number(found.defaults.does.well_s / 60)} for today's settings and the best points",
        "fault": f"{FAULTS} runs with `{found.traffic.fault}` for {seconds(FAULT_S)} or longer; times are their means",
        "started": f"{found.started_at:%Y-%m-%d %H:%M} UTC",
        "machine": f"{host.cpus} CPUs, {host.system}, Python {host.python}",
    }


def _plain(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")  # the command line takes no exponents
