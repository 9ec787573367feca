"""Explorations, made up: what a point does follows from its settings by simple rules, so nothing is simulated."""

from explore.frontier import frontier
from explore.measures import Measures, most_per_day
from explore.model import (
    Agreement,
    AtRate,
    Compared,
    Does,
    Exploration,
    Matters,
    Settings,
    Studied,
    TrafficConditions,
    Translated,
    Tried,
    Verification,
)
from explore.point import Point
from explore.space import NAMES, point_at, saltelli

RATE_PER_S = 20.0
GATEWAY_CPU_S = 0.01
REPEATED = {"repeated": 0.58, "repeated_error": 0.03}
RATE_FACTORS = (0.25, 0.5, 2.0, 4.0)
LONG_S, LONGER_S = 500.0, 3600.0
DAY_S = 86_400.0
HOSTILE = "# </script><script>window.broken = true</script> <!-- & 'quoted' \"twice\""
MATTERS = {  # total indices, in the order of NAMES
    "false_alarms_per_day": (0.1, 0.7, 0.4, 0.1, 0.02, 0.03, 0.0, 0.0, -0.01, 0.01),
    "protect_s": (0.08, 0.5, 0.6, 0.1, 0.06, 0.01, 0.0, 0.0, 0.0, 0.01),
    "recover_s": (0.0, 0.01, 0.0, 0.0, 0.0, 0.0, 1.04, 0.02, 0.0, 0.0),
}


def an_exploration(*, rows: int = 8, own: Point | None = None) -> Exploration:
    """Return an exploration with a design of so many rows; the same each time."""
    a, b, mixed = saltelli(rows, seed=1)
    points = [point_at(shares, Point()) for shares in (*a, *b, *mixed.reshape(-1, len(NAMES)))]
    chosen = [points[place] for place in frontier([measures(point, LONGER_S) for point in points])]
    return Exploration(
        traffic=TrafficConditions(
            source="a test",
            rate_per_s=RATE_PER_S,
            latency_s={"p50": 0.02, "p99": 0.3},
            error_share=0.001,
            deadline_s=Point().deadline_s,
        ),
        defaults=a_studied(own or Point()),
        best=[a_studied(point) for point in chosen],
        search_s=75.0,
        tried=[Tried(settings=_settings(point), does=_does(measures(point))) for point in points],
        matters=[
            Matters(measure=name, first_order=of_names, total=of_names)
            for name, totals in MATTERS.items()
            for of_names in [dict(zip(NAMES, totals, strict=True))]
        ],
    )


def a_verification() -> Verification:
    """Return a verification of one trial, in which the model is right about one of two quantities."""
    compared = [
        Compared(trial=1, quantity="open_s", measured=0.6, expected=0.57, low=0.5, high=0.7, error=0.05, **REPEATED),
        Compared(
            trial=1, quantity="degraded_share", measured=0.5, expected=0.3, low=0.2, high=0.4, error=0.4, **REPEATED
        ),
    ]
    agreements = [
        Agreement(
            quantity=one.quantity,
            compared=1,
            median_error=one.error,
            rank_correlation=None,
            inside=int(one.is_inside),
            repeated_median_error=one.repeated_error,
            repeated_rank_correlation=None,
        )
        for one in compared
    ]
    return Verification(
        of="points of a test",
        trials=1,
        most_calls_per_s=RATE_PER_S,
        gateway_cpu_s=GATEWAY_CPU_S,
        compared=compared,
        agreements=agreements,
    )


def a_studied(point: Point) -> Studied:
    """Return a point with other rates and two translations, one of which tries to break out of the page."""
    return Studied(
        settings=_settings(point),
        does=_does(measures(point, LONGER_S)),
        at_rates=[AtRate(factor=factor, does=_does(measures(point, factor=factor))) for factor in RATE_FACTORS],
        translations=[
            Translated(
                name="Environment",
                language="dotenv",
                text="".join(f"{name}={value}\n" for name, value in point.environment.items()),
                cannot=[],
                differs=[],
            ),
            Translated(
                name="Elsewhere",
                language="yaml",
                text=f"{HOSTILE}\ntrips: {point.fail_max}\n",
                cannot=["It has no ramp."],
                differs=["A user's call is the probe."],
            ),
        ],
    )


def measures(point: Point, well_s: float = LONG_S, factor: float = 1.0) -> Measures:
    """Return what a point does by the rules of this fixture: patience costs time, and haste costs false alarms."""
    alarms = int(well_s * factor * 0.01 / point.fail_max**2 / (0.1 + point.slow_call_s))
    refused = 0.2 / point.max_concurrent if point.max_concurrent < 20 else 0.0
    return Measures(
        false_alarms_per_day=alarms * DAY_S / well_s,
        false_alarms=alarms,
        well_s=well_s,
        good_refused_share=refused,
        protect_s=None if point.slow_call_s > 1.8 else point.slow_call_s + point.fail_max / RATE_PER_S / factor,
        spread=0.1,
        recover_s=point.reset_timeout_s / 2 + 0.05 * point.probes_to_close,
        sick_calls_per_s=1 / point.reset_timeout_s + point.max_concurrent / 100,
        degraded_share=0.9,
    )


def _settings(point: Point) -> Settings:
    return Settings(minimum_calls=point.minimum_calls, **{name: getattr(point, name) for name in NAMES})


def _does(found: Measures) -> Does:
    return Does(
        **{name: getattr(found, name) for name in Measures.__dataclass_fields__},
        false_alarms_per_day_most=most_per_day(found.false_alarms, found.well_s),
    )
