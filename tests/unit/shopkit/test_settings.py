"""Settings: defaults, names in the environment, and one clear line for every bad value."""

import pytest
from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings

from api_gateway_v1.settings import Settings as GatewayV1
from api_gateway_v2.settings import Settings as GatewayV2
from control_room.settings import Settings as ControlRoom
from product_service.settings import Settings as ProductService
from recommendations_service.settings import Settings as RecommendationsService
from shopkit.settings import ServiceSettings, load

SERVICE = {"listen_host": "127.0.0.1"}
GATEWAY = {
    **SERVICE,
    "threads": 64,
    "product_service_url": "http://127.0.0.1:8081",
    "recommendations_service_url": "http://127.0.0.1:8082",
    "product_deadline_s": 2.0,
}
DEFAULTS: dict[type[ServiceSettings], dict[str, object]] = {
    ProductService: {**SERVICE, "port": 8081, "threads": 64},
    RecommendationsService: {**SERVICE, "port": 8082, "threads": 256, "simulate_failure": False},
    GatewayV1: {**GATEWAY, "port": 8080, "recommendations_deadline_s": 30.0},
    GatewayV2: {
        **GATEWAY,
        "port": 8090,
        "recommendations_deadline_s": 2.0,
        "breaker_fail_max": 3,
        "breaker_reset_timeout_s": 10.0,
        "breaker_slow_call_s": 0.5,
        "breaker_trip_policy": "consecutive-failures",
        "breaker_failure_rate": 0.5,
        "breaker_window_calls": 20,
        "breaker_minimum_calls": 10,
        "breaker_reset_growth": 1.0,
        "breaker_reset_timeout_max_s": 60.0,
        "breaker_reset_jitter": 0.0,
        "bulkhead_max_concurrent": 10,
        "operator_token": SecretStr(""),
    },
    ControlRoom: {
        **SERVICE,
        "port": 8000,
        "threads": 64,
        "recommendations_service_url": "http://127.0.0.1:8082",
        "api_gateway_v1_url": "http://127.0.0.1:8080",
        "api_gateway_v2_url": "http://127.0.0.1:8090",
        "load_v1_url": "http://127.0.0.1:8091",
        "load_v2_url": "http://127.0.0.1:8092",
        "recommendations_service_public_url": None,
        "api_gateway_v1_public_url": None,
        "api_gateway_v2_public_url": None,
        "load_v1_public_url": None,
        "load_v2_public_url": None,
        "operator_token": SecretStr(""),
        "control_room_token": SecretStr(""),
        "control_room_hosts": "",
        "control_room_published_on_loopback": False,
    },
}
PORTS = [
    (ProductService, "PRODUCT_SERVICE_PORT"),
    (RecommendationsService, "RECOMMENDATIONS_SERVICE_PORT"),
    (GatewayV1, "API_GATEWAY_V1_PORT"),
    (GatewayV2, "API_GATEWAY_V2_PORT"),
    (ControlRoom, "CONTROL_ROOM_PORT"),
]
COUNTS = [
    (ProductService, "PRODUCT_SERVICE_THREADS"),
    (RecommendationsService, "RECOMMENDATIONS_SERVICE_THREADS"),
    (GatewayV1, "GATEWAY_THREADS"),
    (GatewayV2, "GATEWAY_THREADS"),
    (GatewayV2, "BREAKER_FAIL_MAX"),
    (GatewayV2, "BULKHEAD_MAX_CONCURRENT"),
]
SECONDS = [
    (GatewayV1, "PRODUCT_DEADLINE_S"),
    (GatewayV2, "PRODUCT_DEADLINE_S"),
    (GatewayV2, "RECOMMENDATIONS_DEADLINE_S"),
    (GatewayV2, "BREAKER_RESET_TIMEOUT_S"),
    (GatewayV2, "BREAKER_SLOW_CALL_S"),
]
URLS = [
    (settings, name)
    for settings in (GatewayV1, GatewayV2)
    for name in ("PRODUCT_SERVICE_URL", "RECOMMENDATIONS_SERVICE_URL")
]
ADDRESS = "should look like http://host:port"
BAD_PORTS = [
    ("0", "greater than or equal to 1"),
    ("-1", "greater than or equal to 1"),
    ("70000", "less than or equal to 65535"),
    ("abc", "a valid integer"),
    ("80.5", "a valid integer"),
    ("", "a valid integer"),
]
BAD_COUNTS = [
    ("0", "greater than or equal to 1"),
    ("-5", "greater than or equal to 1"),
    ("1025", "less than or equal to 10"),  # 1024 or 1000
    ("many", "a valid integer"),
]
BAD_SECONDS = [
    ("0", "greater than 0"),
    ("-1", "greater than 0"),
    ("nan", "less than or equal to"),
    ("-inf", "greater than 0"),
    ("inf", "less than or equal to"),
    ("3601", "less than or equal to"),
    ("soon", "a valid number"),
    ("2s", "a valid number"),
]
BAD_URLS = [
    ("ftp://x", ADDRESS),
    ("https://x", ADDRESS),
    ("x:8081", ADDRESS),
    ("http://", ADDRESS),
    ("http:///", ADDRESS),
    ("http://h:1/path", ADDRESS),
    ("http://h:1?query", ADDRESS),
    ("http://user@h:1", ADDRESS),
    ("http://h 1", ADDRESS),
    ("", ADDRESS),
]
IMPOSSIBLE_URLS = ["http://:8081", "http://h:99999", "http://h:0", "http://h:abc", "http://h\t1", "http://h:1\n"]


def service_of(value: object) -> str | None:
    """Name a settings class in the id of a test by its service: they are all called Settings."""
    return value.__module__.split(".")[0] if isinstance(value, type) else None


@pytest.mark.parametrize(("settings", "expected"), DEFAULTS.items(), ids=service_of)
def test_defaults(settings: type[ServiceSettings], expected: dict[str, object]) -> None:
    """Without an environment every setting has its documented default."""
    assert load(settings).model_dump() == expected


@pytest.mark.parametrize(
    ("settings", "variable", "value", "changed"),
    [
        *[(settings, variable, "18000", {"port": 18000}) for settings, variable in PORTS],
        *[(settings, variable, "7", {"threads": 7}) for settings, variable in COUNTS[:4]],
        *[
            (settings, "LISTEN_HOST", "0.0.0.0", {"listen_host": "0.0.0.0"})  # noqa: S104
            for settings in DEFAULTS
            if settings is not ControlRoom  # which asks for more there: test_access.py
        ],
        *[(settings, variable, "http://shop:1", {variable.lower(): "http://shop:1"}) for settings, variable in URLS],
        *[(settings, variable, "1.25", {variable.lower(): 1.25}) for settings, variable in SECONDS],
        (GatewayV1, "UPSTREAM_TIMEOUT_S", "1.25", {"recommendations_deadline_s": 1.25}),
        (GatewayV2, "BREAKER_FAIL_MAX", "5", {"breaker_fail_max": 5}),
        (GatewayV2, "BULKHEAD_MAX_CONCURRENT", "20", {"bulkhead_max_concurrent": 20}),
        (RecommendationsService, "SIMULATE_FAILURE", "true", {"simulate_failure": True}),
        (RecommendationsService, "SIMULATE_FAILURE", "false", {"simulate_failure": False}),
    ],
    ids=service_of,
)
def test_a_variable_sets_its_field(
    settings: type[ServiceSettings],
    variable: str,
    value: str,
    changed: dict[str, object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each setting is read from the variable that is named after it, and nothing else changes."""
    monkeypatch.setenv(variable, value)

    assert load(settings).model_dump() == {**DEFAULTS[settings], **changed}


@pytest.mark.parametrize("variable", ["PORT", "THREADS"])
@pytest.mark.parametrize("settings", DEFAULTS, ids=service_of)
def test_a_general_name_is_somebody_elses(
    settings: type[ServiceSettings], variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PORT and THREADS, which a platform may set for another program, change nothing here."""
    monkeypatch.setenv(variable, "12345")

    assert load(settings).model_dump() == DEFAULTS[settings]


def test_a_slash_after_an_address_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address may end in a slash; paths are put behind it without a second one."""
    monkeypatch.setenv("PRODUCT_SERVICE_URL", "http://shop:8081/")

    assert load(GatewayV1).product_service_url == "http://shop:8081"


@pytest.mark.parametrize(
    ("settings", "variable", "bad"),
    [
        *[(*port, bad) for port in PORTS for bad in BAD_PORTS],
        *[(*count, bad) for count in COUNTS for bad in BAD_COUNTS],
        *[(*seconds, bad) for seconds in SECONDS for bad in BAD_SECONDS],
        *[(*url, bad) for url in URLS for bad in BAD_URLS],
        (RecommendationsService, "SIMULATE_FAILURE", ("perhaps", "a valid boolean")),
        *[(GatewayV1, "PRODUCT_SERVICE_URL", (url, ADDRESS)) for url in IMPOSSIBLE_URLS],
    ],
    ids=service_of,
)
def test_a_bad_value_stops_the_start_with_one_line(
    settings: type[ServiceSettings],
    variable: str,
    bad: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The status is 2, and the line on stderr names the variable, its value and what is allowed."""
    value, allowed = bad
    monkeypatch.setenv(variable, value)

    with pytest.raises(SystemExit) as stop:
        load(settings)

    assert stop.value.code == 2
    out, err = capsys.readouterr()
    assert not out
    assert err.startswith(f"bad setting: {variable}={value!r}: ")
    assert allowed in err
    assert err.index("\n") == len(err) - 1


def test_every_bad_value_has_its_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Two mistakes are told at once, a line for each."""
    monkeypatch.setenv("API_GATEWAY_V1_PORT", "0")
    monkeypatch.setenv("GATEWAY_THREADS", "0")

    with pytest.raises(SystemExit):
        load(GatewayV1)

    lines = capsys.readouterr().err.splitlines()
    assert sorted(line.split("=")[0] for line in lines) == [
        "bad setting: API_GATEWAY_V1_PORT",
        "bad setting: GATEWAY_THREADS",
    ]


def test_a_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The complaint about a secret names its variable alone."""

    class WithSecret(BaseSettings):
        shop_token: SecretStr | None = None
        shop_limit: int = 1

    monkeypatch.setenv("SHOP_TOKEN", "hunter2")
    monkeypatch.setenv("SHOP_LIMIT", "x")

    with pytest.raises(SystemExit):
        load(WithSecret)

    assert "hunter2" not in capsys.readouterr().err


@pytest.mark.parametrize("settings", DEFAULTS, ids=service_of)
def test_settings_never_change(settings: type[ServiceSettings]) -> None:
    """Settings are frozen after the start."""
    loaded = load(settings)

    with pytest.raises(ValidationError, match="frozen"):
        loaded.listen_host = "elsewhere"  # type: ignore[misc]


def test_rate_that_can_never_trip_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A minimum of calls that the window can't hold is told by the names of both settings."""
    monkeypatch.setenv("BREAKER_MINIMUM_CALLS", "21")
    with pytest.raises(SystemExit) as stop:
        load(GatewayV2)
    assert stop.value.code == 2
    complaint = capsys.readouterr().err
    assert complaint.count("\n") == 1
    assert "BREAKER_MINIMUM_CALLS is more than BREAKER_WINDOW_CALLS" in complaint
