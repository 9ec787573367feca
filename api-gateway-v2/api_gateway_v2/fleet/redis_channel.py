"""The channel as Redis's publish and subscribe: it stores nothing, so nothing can be stale, full or wiped."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from api_gateway_v2.fleet.channel import ChannelDown

ANSWERS_WITHIN_S = 0.1  # a server on the same network takes less than a thousandth
MOST_AT_ONCE = 1000  # messages, before this replica's own turn


class RedisChannel:
    """Two connections: one that publishes, one that listens.

    Publish and subscribe knows no databases, so the number of the database is a part of the channel's name: fleets
    with different numbers do not hear each other.
    """

    def __init__(self, url: str) -> None:
        """Connect.

        Raises:
            ChannelDown: the server does not answer, or refuses.
        """
        self._client = redis.Redis.from_url(
            url,
            socket_timeout=ANSWERS_WITHIN_S,
            socket_connect_timeout=ANSWERS_WITHIN_S,
            retry=Retry(NoBackoff(), 0),  # the member tries again, in its own time
        )
        self._name = f"circuit-share/{self._client.get_connection_kwargs().get('db', 0)}"
        self._heard = self._client.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
        with _in_words():
            self._heard.subscribe(self._name)

    def publish(self, message: str) -> None:
        """Send a message to all replicas, this one too."""
        with _in_words():
            self._client.publish(self._name, message)

    def messages(self, wait_s: float) -> Iterable[bytes]:
        """Return the messages that have come; wait for the first for so many seconds at most."""
        with _in_words():
            heard: list[bytes] = []
            while len(heard) < MOST_AT_ONCE and (message := self._heard.get_message(timeout=wait_s)):
                heard.append(message["data"])
                wait_s = 0.0
        return heard

    def close(self) -> None:
        """Give up the connections."""
        self._heard.close()
        self._client.close()


@contextmanager
def _in_words() -> Iterator[None]:
    """Raise ChannelDown for what redis raises, without the server's address, as it is shown to everybody."""
    try:
        yield
    except redis.AuthenticationError as error:
        raise ChannelDown("Redis refuses the name or the password") from error
    except redis.TimeoutError as error:
        raise ChannelDown(f"Redis does not answer within {ANSWERS_WITHIN_S:g} s") from error
    except redis.ConnectionError as error:
        raise ChannelDown("Redis cannot be reached") from error
    except redis.RedisError as error:
        raise ChannelDown(f"Redis refuses: {type(error).__name__}") from error
