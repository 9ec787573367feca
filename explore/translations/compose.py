"""The point as an override for docker-compose.yml.

Compose reads docker-compose.override.yml by itself, and merges `environment` by the names of the variables:
https://docs.docker.com/compose/how-tos/multiple-compose-files/merge/
"""

from explore.point import Point
from explore.translations.environment import SHARED, worth_setting
from explore.translations.translation import Translation


def translate(point: Point) -> Translation:
    """Return an override for the service api-gateway-v2."""
    comment, variables = worth_setting(point)
    lines = [
        "# docker-compose.override.yml",
        comment,
        "services:",
        "  api-gateway-v2:",
        "    environment:",
        *(f'      {name}: "{value}"' for name, value in variables.items()),
    ]
    return Translation(
        name="Docker Compose",
        language="yaml",
        text="\n".join(lines) + "\n",
        cannot=(),
        differs=(
            SHARED,
            "These values win over variables of the same names in your shell and in .env.",
        ),
    )
