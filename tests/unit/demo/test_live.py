"""`run_demo.py live` with a stack that already runs."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from demo.engines import DockerEngine
from demo.live import live
from experiment.services import Service


class RunningStack(DockerEngine):
    """A stack that already runs, with these settings."""

    def __init__(self, settings: dict[str, str]) -> None:
        super().__init__()
        self.settings = settings

    def settings_in_use(self) -> dict[str, str]:
        """Return its settings."""
        return self.settings

    @contextmanager
    def running(self, services: Sequence[Service], logs: Path | None) -> Iterator[None]:  # noqa: ARG002 - Engine's
        """Start nothing."""
        yield

    def wait(self) -> None:
        """End at once."""


@pytest.mark.parametrize(
    ("settings", "shown"),
    [
        ({"OPERATOR_TOKEN": "theirs"}, "export OPERATOR_TOKEN=theirs\n"),
        ({"OPERATOR_TOKEN": ""}, "The running stack has no OPERATOR_TOKEN: its circuit can't be forced.\n"),
    ],
)
def test_shows_the_token_of_a_running_stack(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    settings: dict[str, str],
    shown: str,
) -> None:
    """Without a token of the user's, live shows and uses the running stack's own, or says that it has none."""
    monkeypatch.setenv("OPERATOR_TOKEN", "")
    monkeypatch.setenv("SIMULATE_FAILURE", "")
    monkeypatch.setattr("demo.live.RESULTS", tmp_path)  # another command may use the real one
    assert live(RunningStack(settings), storm=False, browser=False) == 0
    assert shown in capsys.readouterr().out
    assert os.environ["OPERATOR_TOKEN"] == settings["OPERATOR_TOKEN"]
