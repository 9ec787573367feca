"""Two commands that would write to the same folder."""

from pathlib import Path

import pytest

from demo.one_run import only_run
from experiment.errors import EnvironmentProblem


def test_refuses_a_second_run(tmp_path: Path) -> None:
    """While one run holds the folder, a second one is refused, and afterwards it is not."""
    with (
        only_run(tmp_path),
        pytest.raises(EnvironmentProblem, match="writes to"),
        only_run(tmp_path),
    ):
        pass
    with only_run(tmp_path):
        pass
