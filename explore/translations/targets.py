"""All targets of a translation."""

from explore.point import Point
from explore.translations import compose, environment, envoy, gobreaker, polly, pybreaker, resilience4j
from explore.translations.translation import Translation

TARGETS = (environment, compose, resilience4j, polly, gobreaker, pybreaker, envoy)


def translations(point: Point) -> list[Translation]:
    """Return the point in the words of every target: our own settings first."""
    return [target.translate(point) for target in TARGETS]
