"""What an answer with problem details says."""

from werkzeug.http import HTTP_STATUS_CODES


def a_problem(status: int, error: str, **details: object) -> dict[str, object]:
    """Return the whole body of an error: the member `error`, its details, and those of RFC 9457."""
    standard = {"type": "about:blank", "title": HTTP_STATUS_CODES[status], "status": status, "detail": error}
    return {"error": error, **details, **standard}
