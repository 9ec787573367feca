"""A log line of bounded length: what is too long is cut in its middle, and the line stays valid JSON."""

import json
from typing import Any

from structlog.typing import EventDict

LINE_MAX_BYTES = 8 * 1024  # with the end of the line
_SHORTEST = 32  # characters, to which any text can be cut

_encode = json.JSONEncoder(default=repr).encode  # made once: json.dumps with a default makes one for each line


def render(_logger: Any, _method: str, event: EventDict) -> str:  # noqa: ANN401 - structlog's signature
    """Return the event as JSON. As long as it is too long, its longest text is halved."""
    fields = dict(event)
    while len(line := _encode(fields)) >= LINE_MAX_BYTES:  # ASCII: one byte a character
        texts = {name: value if isinstance(value, str) else _encode(value) for name, value in fields.items()}
        longest = max(texts, key=lambda name: len(_encode(texts[name])))
        fields[longest] = _cut(texts[longest])
    return line


def _cut(text: str) -> str:
    """Return both ends of a text: a path is known by its beginning, and a traceback by its end."""
    kept = max(_SHORTEST, len(text) // 2) // 2
    return f"{text[:kept]} [...] {text[-kept:]}"
