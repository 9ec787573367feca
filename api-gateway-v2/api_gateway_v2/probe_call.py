"""What a probe asks of the dependency."""

from collections.abc import Callable

from shopkit.errors import RequestRejected


class ProbeCall:
    """Repeats what users asked for last; if that is rejected, or has failed before, what was last answered.

    A probe of one fixed product would prove little: it may be the only one that is well, or served from a cache. But
    nobody should be able to keep a circuit OPEN by asking for products that do not exist, or for a sick one.
    """

    def __init__(self, first: Callable[[], object]) -> None:
        """`first` is the probe's call until somebody has asked for something."""
        self.asked = first
        self.answered = first
        self._asks_first = True  # changes with every failure

    def __call__(self) -> object:
        """Call the dependency; raise what the call raises."""
        first, second = (self.asked, self.answered) if self._asks_first else (self.answered, self.asked)
        self._asks_first = not self._asks_first
        try:
            answer = first()
        except RequestRejected:
            answer = second()
        self._asks_first = True
        return answer
