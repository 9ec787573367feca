"""Settings of the user's that a command could only ignore."""

from collections.abc import Mapping

from experiment.errors import UsageError


def check_none_overruled(ours: Mapping[str, str], given: Mapping[str, str]) -> None:
    """Return if the user has left all these settings to the command, or has set them to the same.

    Raises:
        UsageError: one is set to something else, which would have no effect.
    """
    for name, value in ours.items():
        if given.get(name, "").rstrip("/") not in ("", value):
            raise UsageError(
                f"{name}={given[name]!r} would have no effect: this command sets it to {value}; "
                "unset it, or see docs/settings.md for where it is used"
            )
