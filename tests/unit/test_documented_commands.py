"""The commands of run_demo.py in the documents."""

import re

import pytest

from support.documents import LABS, PROJECT, blocks, check_run_demo, commands


def test_command_line_accepts_documented_commands() -> None:
    """run_demo.py accepts every command that README.md, CONTRIBUTING.md, docs/ and labs/ tell the reader to type."""
    accepted = [command for command in commands(blocks([*PROJECT, *LABS])) if check_run_demo(command)]

    assert "python3 run_demo.py" in accepted
    assert len(accepted) > 20


@pytest.mark.parametrize(
    "trap",
    [
        r"#",  # an interactive zsh takes it, and the quotes and semicolons behind it, for words
        r"\bwatch\b",  # macOS has none
        r"\blocalhost\b",  # which may be [::1], and something else there
        r"[?*]",  # zsh: no matches found
    ],
)
def test_commands_can_be_pasted_into_any_shell(trap: str) -> None:
    """Every documented block works in bash and in zsh, the shell of macOS; quotes protect what a shell would read."""
    unquoted = [re.sub(r"""'[^']*'|"[^"]*\"""", "", block) for block in blocks([*PROJECT, *LABS])]
    assert [block for block in unquoted if re.search(trap, block)] == []
