"""A retry budget: retries are a share of the requests, however many of these fail."""

from threading import Lock

PERCENT = 10  # of the requests
MOST = 10  # retries that can be saved up

_TOKEN = 100  # in percent, so that no rounding loses a retry


class RetryBudget:
    """A token bucket: each request puts in a part of a token, each retry takes one out. Threads may share it.

    The deposits are those of Finagle (https://finagle.github.io/blog/2016/02/08/retry-budgets); the limit, and that the
    bucket is full at the start, those of gRPC (https://github.com/grpc/proposal/blob/master/A6-client-retries.md).
    """

    def __init__(self, percent: int = PERCENT, most: int = MOST) -> None:
        """Allow retries for `percent` of the requests, and `most` at once after a time without."""
        self._deposit = percent
        self._capacity = self._filled = most * _TOKEN
        self._lock = Lock()

    def deposit(self) -> None:
        """Note a request, which may itself be made in any case."""
        with self._lock:
            self._filled = min(self._capacity, self._filled + self._deposit)

    def withdraw(self) -> bool:
        """Return whether a retry may be made, and take its token out."""
        with self._lock:
            may_retry = self._filled >= _TOKEN
            self._filled -= _TOKEN * may_retry
        return may_retry
