"""Who calls, as a label of metrics."""

import re

_KNOWN = re.compile(r"api-gateway-v[0-9]|under-test-[a-z0-9-]{1,32}", re.ASCII)


def caller_of(user_agent: str) -> str:
    """Return the gateway that calls, or "other", so that no caller can invent labels."""
    return user_agent if _KNOWN.fullmatch(user_agent) else "other"
