"""The dashboard, which tells the story of a run, v1 beside v2: `python -m observability.dashboard` writes its JSON."""

import json
from pathlib import Path
from string import ascii_uppercase

from grafana_foundation_sdk.builders.dashboard import Dashboard
from grafana_foundation_sdk.builders.prometheus import Dataquery
from grafana_foundation_sdk.builders.statetimeline import Panel as StateTimeline
from grafana_foundation_sdk.builders.timeseries import Panel as Timeseries
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.common import VisibilityMode
from grafana_foundation_sdk.models.dashboard import (
    DashboardCursorSync,
    DataSourceRef,
    ValueMap,
    ValueMapping,
    ValueMappingResult,
)

FILE = Path(__file__).parent / "grafana" / "dashboards" / "run.json"
SOURCE = DataSourceRef("prometheus", "prometheus")  # grafana/provisioning/datasources
GATEWAYS = {"v1": "api-gateway-v1", "v2": "api-gateway-v2"}
V2 = 'service="api-gateway-v2"'
GUARDED = f'{{{V2}, name="recommendations-service"}}'
PAGES = 'route=~"/|/shop/products/.*|/products.*|/product-details/.*"'
PER_S = "[10s]"  # five samples
WHOLE, HALF, THIRD = 24, 12, 8  # of the grid's width
HEIGHT = 7
GREEN, YELLOW, RED = "green", "yellow", "red"

Queries = dict[str, str]  # legends, and what they show


def build() -> Dashboard:
    """Return the dashboard: alerts, then what users see of both gateways, then how v2's guard works."""
    dashboard = (
        Dashboard("A run: v1 beside v2")
        .uid("run")
        .readonly()
        .time("now-5m", "now")
        .refresh("5s")
        .tooltip(DashboardCursorSync.CROSSHAIR)
        .with_panel(_alerts())
    )
    for make in (_answers, _response_times, _busy_threads, _calls_to_recommendations):
        for short, gateway in GATEWAYS.items():
            dashboard.with_panel(make(short, gateway))
    for panel in (_circuit(), _degraded_share(), _guarded_calls(), _bulkhead(), _probes()):
        dashboard.with_panel(panel)
    return dashboard


def text() -> str:
    """Return the dashboard's JSON."""
    return json.dumps(build().build(), cls=JSONEncoder, indent=2, sort_keys=True) + "\n"


def _alerts() -> StateTimeline:
    panel = StateTimeline().title("Alerts").description("Those that fire.").span(WHOLE).height(HEIGHT)
    query = 'max by (alertname, service, name) (ALERTS{alertstate="firing"})'
    return (
        panel.datasource(SOURCE)
        .with_target(_query("{{alertname}} {{service}} {{name}}", query))
        .mappings([_states({"1": ("firing", RED)})])
        .show_value(VisibilityMode.NEVER)
    )


def _answers(short: str, gateway: str) -> Timeseries:
    query = f'sum by (status) (rate(http_requests_total{{service="{gateway}", {PAGES}}}{PER_S}))'
    return _lines(f"{short}: answers by status", "reqps", HALF, {"{{status}}": query})


def _response_times(short: str, gateway: str) -> Timeseries:
    buckets = f'sum by (le) (rate(http_request_duration_seconds_bucket{{service="{gateway}", {PAGES}}}{PER_S}))'
    shares = {"p50": 0.5, "p99": 0.99}
    queries = {legend: f"histogram_quantile({share}, {buckets})" for legend, share in shares.items()}
    return _lines(f"{short}: response time", "s", HALF, queries).description(
        "Of the answers that were given, without the wait for a thread; between 30 s and 60 s it is a guess."
    )


def _busy_threads(short: str, gateway: str) -> Timeseries:
    of, last = f'{{service="{gateway}"}}', f'max_over_time(http_threads{{service="{gateway}"}}[1h])'
    busy = f"max(http_requests_in_flight{of} or ({last} and up{of} == 0))"
    panel = _lines(f"{short}: busy threads", "short", HALF, {"busy": busy, "threads": f"max({last})"})
    return panel.description("All count as busy while the gateway gives Prometheus no answer.")


def _calls_to_recommendations(short: str, gateway: str) -> Timeseries:
    query = f'sum by (caller) (rate(recommendations_calls_total{{caller="{gateway}"}}{PER_S}))'
    return _lines(f"{short}: calls that reach the recommendations service", "reqps", HALF, {"{{caller}}": query})


def _circuit() -> StateTimeline:
    number = " + ".join(
        f'{value} * sum by (name) (circuitbreaker_state{{{V2}, state="{state}"}})'
        for state, value in {"HALF-OPEN": 1, "OPEN": 2}.items()
    )
    states = {"0": ("CLOSED", GREEN), "1": ("HALF-OPEN", YELLOW), "2": ("OPEN", RED)}
    panel = StateTimeline().title("v2: circuits").span(HALF).height(HEIGHT).datasource(SOURCE)
    return panel.with_target(_query("{{name}}", number)).mappings([_states(states)])


def _degraded_share() -> Timeseries:
    degraded, full = (f"sum(rate({answers}_answers_total{{{V2}}}{PER_S}))" for answers in ("degraded", "full"))
    return _lines("v2: degraded answers", "percentunit", HALF, {"share": f"{degraded} / ({degraded} + {full})"}).max(1)


def _guarded_calls() -> Timeseries:
    of = f"{GUARDED}{PER_S}"
    queries = {
        "{{kind}}": f"sum by (kind) (rate(circuitbreaker_calls_total{of}))",
        "short-circuited": f"sum(rate(circuitbreaker_not_permitted_calls_total{of}))",
        "refused by the bulkhead": f"sum(rate(bulkhead_refused_calls_total{of}))",
    }
    return _lines("v2: calls to recommendations, and refusals", "reqps", THIRD, queries)


def _bulkhead() -> Timeseries:
    queries = {
        "in flight": f"max(circuitbreaker_in_flight_calls{GUARDED})",
        "that count": f"max(bulkhead_taken_calls{GUARDED})",
        "limit": f"max(bulkhead_max_allowed_concurrent_calls{GUARDED})",
    }
    return _lines("v2: bulkhead", "short", THIRD, queries)


def _probes() -> Timeseries:
    return _lines(
        "v2: probes so far", "short", THIRD, {"{{kind}}": f"sum by (kind) (circuitbreaker_probes_total{GUARDED})"}
    )


def _lines(title: str, unit: str, width: int, queries: Queries) -> Timeseries:
    panel = Timeseries().title(title).unit(unit).min(0).span(width).height(HEIGHT).datasource(SOURCE)
    for letter, (legend, expression) in zip(ascii_uppercase, queries.items(), strict=False):
        panel.with_target(_query(legend, expression).ref_id(letter))
    return panel


def _query(legend: str, expression: str) -> Dataquery:
    return Dataquery().expr(expression).legend_format(legend).range().ref_id("A")


def _states(states: dict[str, tuple[str, str]]) -> ValueMapping:
    return ValueMap({value: ValueMappingResult(text=text, color=color) for value, (text, color) in states.items()})


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
