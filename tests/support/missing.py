"""What to do where this machine lacks a part that a test needs."""

import os
from typing import NoReturn

import pytest


def missing(part: str) -> NoReturn:
    """Skip the test; in CI fail it, so that a run there has tested everything."""
    if os.environ.get("CI"):
        pytest.fail(f"CI needs {part}")
    pytest.skip(f"this machine has no {part}")
