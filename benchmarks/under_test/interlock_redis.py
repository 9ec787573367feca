"""interlock-cb's breaker with its storage in Redis: all gateways share one state, a verdict."""

import os

import interlock
import redis
from interlock.integrations.redis import RedisStorage

from benchmarks.peers import FAIL_MAX, NAME, SLOW_CALL_S, Interlock


class InterlockRedis(Interlock):
    """As its documentation shows it, with the server and the cooldown of its gateway's settings."""

    name = "interlock-cb with Redis"

    def __init__(self) -> None:
        """Connect to UNDER_TEST_REDIS_URL; stay OPEN for UNDER_TEST_COOLDOWN_S."""
        config = interlock.Config(
            failure_rate_threshold=1.0,
            minimum_number_of_calls=FAIL_MAX,
            window_size=FAIL_MAX,
            slow_call_duration_threshold=SLOW_CALL_S,
            wait_duration_in_open=float(os.environ["UNDER_TEST_COOLDOWN_S"]),
            permitted_calls_in_half_open=1,
        )
        storage = RedisStorage(redis.Redis.from_url(os.environ["UNDER_TEST_REDIS_URL"]))
        self._breaker = interlock.CircuitBreaker(name=NAME, config=config, storage=storage)
