"""The products that visitors ask for: the shop's own list, read once."""

import json
from collections.abc import Sequence

import gevent
from gevent.lock import BoundedSemaphore
from geventhttpclient import HTTPClient

READ_WITHIN_S = 10.0
RETRY_S = 0.5


class Catalogue:
    """The ids of the products behind a gateway."""

    def __init__(self) -> None:
        self._ids: Sequence[int] = ()
        self._reading = BoundedSemaphore()

    def ids(self, host: str) -> Sequence[int]:
        """Return the ids; the first call reads them from GET /products of `host`, and tries again until it has them."""
        with self._reading:
            while not self._ids:
                self._ids = _read(host)
        return self._ids


def _read(host: str) -> Sequence[int]:
    """Return the ids, or nothing after a pause: the shop does not answer yet."""
    client = HTTPClient.from_url(host, connection_timeout=READ_WITHIN_S, network_timeout=READ_WITHIN_S)
    try:
        return [product["id"] for product in json.loads(client.get("/products").read())]
    except (OSError, ValueError, TypeError, KeyError):
        gevent.sleep(RETRY_S)
        return ()
    finally:
        client.close()
