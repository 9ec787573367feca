"""Counts calls by caller on arrival, so that a call that hangs is counted while it hangs."""

import re

from prometheus_client import CollectorRegistry, Counter

_GATEWAY = re.compile(r"api-gateway-v[0-9]", re.ASCII)


def count_calls(registry: CollectorRegistry) -> Counter:
    """Return the counter of calls that arrived, by caller and by the kind of the active fault (or "none")."""
    return Counter("recommendations_calls", "Calls that arrived", ["caller", "fault"], registry=registry)


def caller_of(user_agent: str) -> str:
    """Return the gateway that calls, or "other", so that no caller can invent labels."""
    return user_agent if _GATEWAY.fullmatch(user_agent) else "other"
