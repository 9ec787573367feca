"""Whether this machine allows a run the files that it opens: each connection is one, in the load and in the gateway."""

from experiment.plan import Closed, Plan
from load.in_flight import IN_FLIGHT_MAX
from shopkit.open_files import raise_file_limit

OTHER_FILES = 256  # of a gateway with the default threads: calls to other services, logs, its listener


def file_limit_warning(plan: Plan) -> str | None:
    """Raise the limit of open files for a run; where the system does not allow enough, return what to do."""
    callers = _most_callers(plan)
    allowed = raise_file_limit(callers + OTHER_FILES)
    if allowed >= callers + OTHER_FILES:
        return None
    return (
        f"warning: {callers} connections at once need {callers + OTHER_FILES} open files, and this system allows "
        f"{allowed}: requests may fail for that alone; raise it (ulimit -Hn) or use a smaller load"
    )


def _most_callers(plan: Plan) -> int:
    if isinstance(plan.load, Closed):
        return plan.load.users
    return min(IN_FLIGHT_MAX, round(plan.load.arrival_rate_per_s * plan.duration_s))
