"""What a translation says besides its text: what gets lost, and what only looks the same."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Translation:
    """One point in the words of one target."""

    name: str  # of the target
    language: str  # of the text, for whoever shows it
    text: str  # what to paste
    cannot: tuple[str, ...]  # what the target cannot express of this point
    differs: tuple[str, ...]  # what it does in its own way


def said(*sentences: str) -> tuple[str, ...]:
    """Return the sentences that are not empty."""
    return tuple(sentence for sentence in sentences if sentence)
