"""The point for Envoy as a proxy before one host of the recommendations service.

Ejection: https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/cluster/v3/outlier_detection.proto and
https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/outlier. It lasts as many times the base time
as there were ejections in short succession, up to the maximum, plus the jitter. A maximum below the base is rejected:
https://github.com/envoyproxy/envoy/blob/main/source/common/upstream/outlier_detection_impl.cc

Percentages go by whole intervals, not by a rolling window, and by default need five hosts, and eject nobody.

Limits: https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/cluster/v3/circuit_breaker.proto.
benchmarks/under_test/envoy.yaml is the same proxy as a gateway under test.
"""

import math

from explore.point import Point
from explore.translations import gaps
from explore.translations.durations import decimal_s
from explore.translations.translation import Translation, said

MOST_SWEEP_S = 1.0  # between two looks whether an ejection is over
SWEEPS_IN_COOLDOWN = 10
_LESS = " # {0.reset_timeout_s:g} s less the share {0.reset_jitter:g} of jitter, which can only add"


def translate(point: Point) -> Translation:
    """Return a configuration with a listener, a route and a cluster."""
    text = _PROXY.format(
        types="type.googleapis.com/envoy.extensions.filters",
        timeout=_duration(point.deadline_s),
        limit=point.max_concurrent,
        ejection="\n".join(f"        {name}: {value}" for name, value in _ejection(point).items()),
    )
    return Translation("Envoy", "yaml", text, _cannot(point), _differs(point))


def _ejection(point: Point) -> dict[str, object]:
    shortest_s = point.reset_timeout_s * (1 - point.reset_jitter)  # jitter only adds
    longest_s = gaps.longest_cooldown_s(point) if point.reset_growth > 1 else shortest_s
    ejection = {
        **(_percentage(point) if gaps.by_rate(point) else {"consecutive_5xx": point.fail_max}),
        "interval": _duration(_interval_s(point)),
        "base_ejection_time": _duration(shortest_s) + (_LESS.format(point) if point.reset_jitter else ""),
        "max_ejection_time": _duration(longest_s),
        "max_ejection_percent": 100,
    }
    if point.reset_jitter:
        ejection["max_ejection_time_jitter"] = _duration(2 * point.reset_jitter * point.reset_timeout_s)
    return ejection


def _percentage(point: Point) -> dict[str, object]:
    return {
        "failure_percentage_threshold": _percent(point),
        "failure_percentage_request_volume": point.minimum_calls,
        "failure_percentage_minimum_hosts": 1,
        "enforcing_failure_percentage": 100,
        "enforcing_consecutive_5xx": 0,
    }


def _interval_s(point: Point) -> float:
    if gaps.by_rate(point):
        return gaps.window_s(point)
    return min(MOST_SWEEP_S, point.reset_timeout_s / SWEEPS_IN_COOLDOWN)


def _percent(point: Point) -> int:
    return math.ceil(round(100 * point.failure_rate, 6))  # 100 * 0.07 is a little more than 7


def _duration(duration_s: float) -> str:
    return f"{decimal_s(duration_s)}s"


def _cannot(point: Point) -> tuple[str, ...]:
    return said(
        gaps.window_of_calls(point),
        _broken_percent(point),
        gaps.slow_calls(point),
        gaps.hang(point),
        gaps.patience(point),
        gaps.overdue(point),
        _probes(point),
        _growth(point),
        gaps.ramp(point),
    )


def _broken_percent(point: Point) -> str:
    wanted = round(100 * point.failure_rate, 6)
    if not gaps.by_rate(point) or wanted == _percent(point):
        return ""
    return f"A percentage is a whole number: {_percent(point)}, not {wanted:g}."


def _probes(point: Point) -> str:
    if point.probes_to_close == 1:
        return ""
    return f"There are no probes, so {point.probes_to_close} good ones cannot be asked for."


def _growth(point: Point) -> str:
    if point.reset_growth == 1:
        return ""
    added = "An ejection grows by the length of the first one each time"
    jitter = f", and the jitter of {point.reset_jitter:g} not at all" if point.reset_jitter else ""
    return f"{added}, not by the factor {point.reset_growth:g}{jitter}."


def _differs(point: Point) -> tuple[str, ...]:
    interval = f"every {decimal_s(_interval_s(point))} s"
    judges = (
        f"Only {interval} it judges the percentage, by the calls since the last time." if gaps.by_rate(point) else ""
    )
    return said(
        "It ejects a host: all calls get 503 until the ejection is over. Then all are sent there again, with no probe.",
        judges,
        f"Only {interval} it looks whether an ejection is over, so one may last so much longer.",
        "Only 5xx is a failure, and what becomes one: no connection, or no answer in time. 408 and 429 are none.",
        "As many calls as the limit may wait for a connection before one is refused.",
        "It answers with an error, never with a fallback.",
    )


_PROXY = """\
static_resources:
  listeners:
    - name: recommendations
      address: {{ socket_address: {{ address: 127.0.0.1, port_value: 10000 }} }}
      filter_chains:
        - filters:
            - name: envoy.filters.network.http_connection_manager
              typed_config:
                "@type": {types}.network.http_connection_manager.v3.HttpConnectionManager
                stat_prefix: recommendations
                http_filters:
                  - name: envoy.filters.http.router
                    typed_config:
                      "@type": {types}.http.router.v3.Router
                route_config:
                  virtual_hosts:
                    - name: recommendations
                      domains: ["*"]
                      routes:
                        - match: {{ prefix: / }}
                          route: {{ cluster: recommendations, timeout: {timeout} }}
  clusters:
    - name: recommendations
      type: STRICT_DNS
      connect_timeout: {timeout}
      load_assignment:
        cluster_name: recommendations
        endpoints:
          - lb_endpoints:
              - endpoint: {{ address: {{ socket_address: {{ address: recommendations-service, port_value: 8082 }} }} }}
      circuit_breakers:
        thresholds:
          - max_connections: {limit}
            max_pending_requests: {limit}
            max_requests: {limit}
      outlier_detection:
{ejection}
      # with its only host ejected, Envoy would otherwise panic and send calls there all the same
      common_lb_config: {{ healthy_panic_threshold: {{ value: 0 }} }}
"""
