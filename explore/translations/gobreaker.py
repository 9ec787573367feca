"""The point for sony/gobreaker v2, in Go.

Settings, defaults and meanings: https://pkg.go.dev/github.com/sony/gobreaker/v2#Settings. A Timeout of 0 means 60 s,
and an Interval of 0 a window without end. ReadyToTrip is asked after each failure. MaxRequests is both how many calls
HALF-OPEN lets through and how many of them have to succeed:
https://github.com/sony/gobreaker/blob/master/v2/gobreaker.go

BucketPeriod makes the window roll; it divides by whole milliseconds: https://github.com/sony/gobreaker/pull/95
"""

from explore.point import Point
from explore.translations import gaps
from explore.translations.durations import whole_ms, with_unit
from explore.translations.translation import Translation, said

BUCKETS = 10


def translate(point: Point) -> Translation:
    """Return Go that makes a circuit breaker, and a client with the deadline."""
    fields = {"Name": '"recommendations"', "MaxRequests": f"{point.probes_to_close}", **_window(point)}
    fields["Timeout"] = _duration(point.reset_timeout_s)
    width = max(map(len, fields)) + 1
    lines = [
        "package gateway",
        "",
        "import (",
        '\t"net/http"',
        '\t"time"',
        "",
        '\t"github.com/sony/gobreaker/v2"',
        ")",
        "",
        f"var client = &http.Client{{Timeout: {_duration(point.deadline_s)}}}",
        "",
        "var breaker = gobreaker.NewCircuitBreaker[[]byte](gobreaker.Settings{",
        *(f"\t{name + ':':<{width}} {value}," for name, value in fields.items()),
        "\tReadyToTrip: func(counts gobreaker.Counts) bool {",
        *_ready_to_trip(point),
        "\t},",
        "})",
    ]
    return Translation("gobreaker v2", "go", "\n".join(lines) + "\n", _cannot(point), _differs(point))


def _window(point: Point) -> dict[str, str]:
    if not gaps.by_rate(point):
        return {}
    length_s = gaps.window_s(point)
    bucket_ms = max(1, whole_ms(length_s) // BUCKETS)
    return {"Interval": _duration(length_s), "BucketPeriod": _duration(bucket_ms / 1000)}


def _ready_to_trip(point: Point) -> list[str]:
    if not gaps.by_rate(point):
        return [f"\t\treturn counts.ConsecutiveFailures >= {point.fail_max}"]
    enough = f"ended >= {point.minimum_calls}"
    return [
        "\t\tended := counts.TotalSuccesses + counts.TotalFailures // Requests has calls in flight as well",
        f"\t\treturn {enough} && float64(counts.TotalFailures) >= {point.failure_rate}*float64(ended)",
    ]


def _duration(duration_s: float) -> str:
    return with_unit(duration_s, " * time.Second", " * time.Millisecond")


def _cannot(point: Point) -> tuple[str, ...]:
    return said(
        gaps.window_of_calls(point),
        gaps.slow_calls(point),
        gaps.hang(point),
        gaps.patience(point),
        gaps.bulkhead(point),
        gaps.growth(point),
        gaps.jitter(point),
        gaps.ramp(point),
    )


def _differs(point: Point) -> tuple[str, ...]:
    window = "It looks at the rate only when a call fails, and forgets calls by tenths of the window."
    return said(
        "Calls of users are the probes, at the same time if they come so.",
        window if gaps.by_rate(point) else "",
        "The deadline is the client's: read the body inside Execute, or a body that is late counts as a success.",
    )
