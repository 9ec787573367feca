"""Settings: names in the environment, and one clear line for every bad value."""

import pytest
from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings

from api_gateway_v1.settings import Settings as GatewayV1
from api_gateway_v2.settings import Settings as GatewayV2
from control_room.settings import Settings as ControlRoom
from product_service.settings import Settings as ProductService
from recommendations_service.settings import Settings as RecommendationsService
from shopkit.settings import ServiceSettings, load

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
    (GatewayV2, "PRODUCT_RESET_TIMEOUT_S"),
]
URLS = [
    (settings, name)
    for settings in (GatewayV1, GatewayV2)
    for name in ("PRODUCT_SERVICE_URL", "RECOMMENDATIONS_SERVICE_URL")
]
ADDRESS = "should look like http://host:port"
BAD_VALUES = [
    (ProductService, "PRODUCT_SERVICE_PORT", ("70000", "less than or equal to 65535")),
    (ProductService, "PRODUCT_SERVICE_PORT", ("abc", "a valid integer")),
    (GatewayV1, "GATEWAY_THREADS", ("1025", "less than or equal to 1024")),
    (GatewayV1, "UPSTREAM_TIMEOUT_S", ("nan", "less than or equal to")),
    (GatewayV1, "UPSTREAM_TIMEOUT_S", ("inf", "less than or equal to")),
    (GatewayV1, "UPSTREAM_TIMEOUT_S", ("2s", "a valid number")),
    (GatewayV1, "LISTEN_HOST", ("127.0.0.1:8080", "should be an address or a name of this machine, without a port")),
    (GatewayV1, "PRODUCT_SERVICE_URL", ("x:8081", ADDRESS)),
    (GatewayV1, "PRODUCT_SERVICE_URL", ("http://h:1/path", ADDRESS)),
    (GatewayV1, "PRODUCT_SERVICE_URL", ("http://user@h:1", ADDRESS)),
    (GatewayV1, "PRODUCT_SERVICE_URL", ("http://h:99999", ADDRESS)),
    (GatewayV1, "PRODUCT_SERVICE_URL", ("http://h:1\n", ADDRESS)),
    (ProductService, "OTEL_EXPORTER_OTLP_ENDPOINT", ("https://h:4318", ADDRESS)),
    (RecommendationsService, "SIMULATE_FAILURE", ("perhaps", "a valid boolean")),
]


def service_of(value: object) -> str | None:
    """Name a settings class in the id of a test by its service: they are all called Settings."""
    return value.__module__.split(".")[0] if isinstance(value, type) else None


@pytest.mark.parametrize(
    ("settings", "variable", "value", "changed"),
    [
        *[(settings, variable, "18000", {"port": 18000}) for settings, variable in PORTS],
        *[(settings, variable, "7", {"threads": 7}) for settings, variable in COUNTS[:4]],
        (ProductService, "LISTEN_HOST", "0.0.0.0", {"listen_host": "0.0.0.0"}),  # noqa: S104 - says what it sets
        (ProductService, "LISTEN_HOST", "[::1]", {"listen_host": "::1"}),
        (GatewayV1, "PRODUCT_SERVICE_URL", "http://shop:1", {"product_service_url": "http://shop:1"}),
        (GatewayV1, "UPSTREAM_TIMEOUT_S", "1.25", {"recommendations_deadline_s": 1.25}),
        (GatewayV2, "BREAKER_FAIL_MAX", "5", {"breaker_fail_max": 5}),
        (RecommendationsService, "SIMULATE_FAILURE", "true", {"simulate_failure": True}),
    ],
    ids=service_of,
)
def test_variable_sets_its_field(
    settings: type[ServiceSettings],
    variable: str,
    value: str,
    changed: dict[str, object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each setting is read from the variable that is named after it, and nothing else changes."""
    defaults = load(settings).model_dump()

    monkeypatch.setenv(variable, value)

    assert load(settings).model_dump() == defaults | changed


def test_ignores_general_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """PORT and THREADS, which a platform may set for another program, change nothing here."""
    defaults = load(ProductService)
    monkeypatch.setenv("PORT", "12345")
    monkeypatch.setenv("THREADS", "123")

    assert load(ProductService) == defaults


def test_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty variable leaves the default in place, as it does for Compose."""
    monkeypatch.setenv("GATEWAY_THREADS", "")

    assert load(GatewayV1).threads == 64


def test_drops_slash_after_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address may end in a slash; paths are put behind it without a second one."""
    monkeypatch.setenv("PRODUCT_SERVICE_URL", "http://shop:8081/")

    assert load(GatewayV1).product_service_url == "http://shop:8081"


@pytest.mark.parametrize(
    ("settings", "variable", "bad"),
    [
        *[(*limited, ("0", "greater than")) for limited in (*PORTS, *COUNTS, *SECONDS)],
        *[(*url, ("https://x", ADDRESS)) for url in URLS],
        *BAD_VALUES,
    ],
    ids=service_of,
)
def test_bad_value_stops_the_start_with_one_line(
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


def test_names_every_bad_value(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Two bad values get a line each."""
    monkeypatch.setenv("API_GATEWAY_V1_PORT", "0")
    monkeypatch.setenv("GATEWAY_THREADS", "0")

    with pytest.raises(SystemExit):
        load(GatewayV1)

    lines = capsys.readouterr().err.splitlines()
    assert sorted(line.split("=")[0] for line in lines) == [
        "bad setting: API_GATEWAY_V1_PORT",
        "bad setting: GATEWAY_THREADS",
    ]


def test_rejects_misspelt_name(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A variable that can only be meant for this service, but is no setting, stops the start with a suggestion."""
    monkeypatch.setenv("BREAKER_FAILS_MAX", "")
    load(GatewayV2)
    monkeypatch.setenv("BREAKER_FAILS_MAX", "5")
    load(GatewayV1)

    with pytest.raises(SystemExit) as stop:
        load(GatewayV2)

    assert stop.value.code == 2
    said = "bad setting: BREAKER_FAILS_MAX: there is no such setting; did you mean BREAKER_FAIL_MAX?\n"
    assert capsys.readouterr().err == said


def test_does_not_show_secrets(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The line about a bad secret names its variable and not its value."""

    class WithSecret(BaseSettings):
        shop_token: SecretStr | None = None
        shop_limit: int = 1

    monkeypatch.setenv("SHOP_TOKEN", "hunter2")
    monkeypatch.setenv("SHOP_LIMIT", "x")

    with pytest.raises(SystemExit):
        load(WithSecret)

    assert "hunter2" not in capsys.readouterr().err


def test_settings_never_change() -> None:
    """Settings are frozen after the start."""
    with pytest.raises(ValidationError, match="frozen"):
        load(ProductService).listen_host = "elsewhere"  # type: ignore[misc]


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
