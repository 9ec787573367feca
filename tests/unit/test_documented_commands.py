"""The commands of run_demo.py in the documents."""

from support.documents import LABS, PROJECT, blocks, check_run_demo, commands


def test_command_line_accepts_documented_commands() -> None:
    """run_demo.py accepts every command that README.md, CONTRIBUTING.md, docs/ and labs/ tell the reader to type."""
    accepted = [command for command in commands(blocks([*PROJECT, *LABS])) if check_run_demo(command)]

    assert "python3 run_demo.py" in accepted
    assert len(accepted) > 20
