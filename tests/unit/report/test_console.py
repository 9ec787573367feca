"""The console for stdout."""

import pytest

from report.console import stdout_console


@pytest.mark.parametrize("variable", ["FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"])
def test_file_gets_plain_text(
    variable: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is no terminal gets no colours and no cursor codes, even where a variable asks for colours."""
    monkeypatch.setenv(variable, "1")
    console = stdout_console()
    console.print("it [bold red]holds[/]")
    assert capsys.readouterr().out == "it holds\n"
    assert not console.is_terminal
