"""What several targets cannot express: a sentence, or an empty string if the point does not ask for it."""

from explore.point import Point

STAND_IN_WINDOW_S = 10.0  # where a target has no window of calls: the point does not say how often they come


def by_rate(point: Point) -> bool:
    """Return whether a share of failed calls trips the circuit, and not a row of them."""
    return point.trip_policy != "consecutive-failures"


def window_s(point: Point) -> float:
    """Return the length of a window that can only be one of time, in seconds."""
    return point.window_s or STAND_IN_WINDOW_S


def longest_cooldown_s(point: Point) -> float:
    """Return how far the cooldown can grow, in seconds: a maximum below its start means no growth."""
    return max(point.reset_timeout_s, point.reset_timeout_max_s)


def hang(point: Point) -> str:
    """Say that calls in flight trip nothing."""
    return (
        f"Calls in flight do not count: {point.fail_max} that wait, one of them for {point.slow_call_s:g} s, trip "
        f"nothing until they end, after {point.deadline_s:g} s."
    )


def patience(point: Point) -> str:
    """Say that a page waits as long as its call."""
    waits_s = max(point.patience_s, point.slow_call_s)  # as api-gateway-v2 has it
    if waits_s >= point.deadline_s:
        return ""
    return (
        f"A page cannot give up after {waits_s:g} s while its call goes on until {point.deadline_s:g} s: there is one "
        "limit, that of the call."
    )


def overdue(point: Point) -> str:
    """Say that a limit of calls in flight counts those in time as well."""
    if point.bulkhead_counts == "all":
        return ""
    return (
        f"All calls in flight count towards the limit of {point.max_concurrent}, not only overdue ones: make it large "
        "enough for the busiest healthy moment."
    )


def bulkhead(point: Point) -> str:
    """Say that calls in flight are not limited."""
    return f"It does not limit the calls in flight: put a semaphore of {point.max_concurrent} around it."


def ramp(point: Point) -> str:
    """Say that all calls come back at once."""
    return f"All calls come back at once, not over {point.ramp_s:g} s." if point.ramp_s else ""


def growth(point: Point) -> str:
    """Say that the cooldown stays the same."""
    if point.reset_growth == 1:
        return ""
    return (
        f"The cooldown does not grow by the factor {point.reset_growth:g} up to {longest_cooldown_s(point):g} s: "
        f"it is {point.reset_timeout_s:g} s each time."
    )


def jitter(point: Point) -> str:
    """Say that the cooldown does not vary."""
    return f"The cooldown has no jitter of {point.reset_jitter:g}." if point.reset_jitter else ""


def window_of_calls(point: Point) -> str:
    """Say that a length of time stands in for a number of calls."""
    if not by_rate(point) or point.window_s:
        return ""
    return (
        f"There is no window of the last {point.window_calls} calls, only one of time: {STAND_IN_WINDOW_S:g} s stand "
        "in for it. Set the time that so many calls take you."
    )


def slow_calls(point: Point) -> str:
    """Say that durations trip nothing."""
    if point.trip_policy != "slow-call-rate":
        return ""
    return (
        f"Slow calls do not count: a share of {point.slow_call_rate:g} that takes {point.slow_call_s:g} s or longer "
        "trips nothing."
    )
