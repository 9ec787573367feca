"""What a probe asks of the dependency."""

from collections.abc import Callable

from shopkit.errors import RequestRejected


class ProbeCall:
    """Repeats what users asked for last; if that is rejected, what was last answered.

    A probe of one fixed product would prove little: it may be the only one that is well, or served from a cache. The
    second attempt is there because a rejection says nothing about the dependency's health, and because nobody should
    be able to keep a circuit OPEN by asking for products that do not exist.
    """

    def __init__(self, first: Callable[[], object]) -> None:
        """`first` is the probe's call until somebody has asked for something."""
        self.asked = first
        self.answered = first

    def __call__(self) -> object:
        """Call the dependency; raise what the call raises."""
        try:
            return self.asked()
        except RequestRejected:
            return self.answered()
