"""When an answer is complete: at once, or for a streaming one when its body has been sent or given up."""

import time
from collections.abc import Callable

from flask import Response, g


def when_complete(response: Response, then: Callable[[float], None]) -> bool:
    """Call `then` with the seconds that the request took; return whether it streams, so that `then` is called later.

    There is no request context any more when it is called later. A file counts as complete at once.
    """
    if not response.is_streamed or response.direct_passthrough:
        then(time.perf_counter() - g.started)
        return False
    started = g.started
    response.call_on_close(lambda: then(time.perf_counter() - started))
    return True
