"""The bar above every page: which gateway this is, and how long the page took."""

import time

from flask import current_app, g

from shopkit import request_ids


def bar_context() -> dict[str, object]:
    """Return what the templates need for the bar; they call `took` once the page's content is rendered."""
    return {"gateway": current_app.name, "request_id": request_ids.current(), "took": _took}


def _took() -> str:
    """Return the time since the start of the request, for people."""
    return in_words((time.perf_counter() - g.started) * 1000)


def in_words(ms: float) -> str:
    """Return a time in the unit that suits it."""
    if ms < 10:  # noqa: PLR2004 - below it, the tenths matter
        return f"{ms:.1f} ms"
    return f"{ms:.0f} ms" if ms < 1000 else f"{ms / 1000:.1f} s"  # noqa: PLR2004 - a second
