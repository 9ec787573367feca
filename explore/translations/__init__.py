"""A point in other words: as settings of api-gateway-v2, and as those of other circuit breakers."""

from explore.translations.targets import translations
from explore.translations.translation import Translation

__all__ = ["Translation", "translations"]
