"""A file of results is there as a whole or not at all."""

from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Write a file; a reader finds the old one or the new one, never half of one."""
    new = path.with_suffix(".new")
    try:
        new.write_text(text, encoding="utf-8")
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
