"""The point as environment variables of api-gateway-v2; docs/settings.md says what they mean."""

from explore.point import Point
from explore.translations.translation import Translation

OTHERWISE = "# Only what differs from the defaults."
ALL_DEFAULTS = "# All of these are the defaults: without them api-gateway-v2 does the same."

SHARED = (
    "BREAKER_ variables hold for the circuit of the product service, too, but for PRODUCT_SLOW_CALL_S and "
    "PRODUCT_RESET_TIMEOUT_S."
)


def worth_setting(point: Point) -> tuple[str, dict[str, str]]:
    """Return a comment and the variables that differ from their defaults, or all if none does."""
    defaults = Point().environment
    changed = {name: value for name, value in point.environment.items() if value != defaults[name]}
    return (OTHERWISE, changed) if changed else (ALL_DEFAULTS, defaults)


def translate(point: Point) -> Translation:
    """Return lines of NAME=value, for a shell or an .env file."""
    comment, variables = worth_setting(point)
    lines = [comment, *(f"{name}={value}" for name, value in variables.items())]
    return Translation(
        name="Environment",
        language="dotenv",
        text="\n".join(lines) + "\n",
        cannot=(),
        differs=(SHARED,),
    )
