"""Who calls, as a label of metrics."""

import re
from threading import Lock

MOST_UNDER_TEST = 32  # names that gateways under test can have
_GATEWAY = re.compile(r"api-gateway-v[0-9]", re.ASCII)
_UNDER_TEST = re.compile(r"under-test-[a-z0-9-]{1,32}", re.ASCII)


class Callers:
    """The callers that one service tells apart. Threads may share it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._under_test: set[str] = set()

    def name_of(self, user_agent: str) -> str:
        """Return the gateway that calls, or "other", so that callers can invent only so many labels."""
        if _GATEWAY.fullmatch(user_agent) or (_UNDER_TEST.fullmatch(user_agent) and self._has_place_for(user_agent)):
            return user_agent
        return "other"

    def _has_place_for(self, name: str) -> bool:
        with self._lock:
            if len(self._under_test) < MOST_UNDER_TEST:
                self._under_test.add(name)
            return name in self._under_test
