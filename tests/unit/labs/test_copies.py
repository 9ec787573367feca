"""What the labs' folders have in common: services share no code, so some files are copies."""

import pytest

from demo.labs.steps import LABS


@pytest.mark.parametrize(
    "copies",
    [
        "*/service_b/settings.py",
        "echo*/service_a/settings.py",
        "echo-validated/*/logging_utils.py",
        "token/*/observe.py",
        "token/*/body.py",
    ],
)
def test_copies_are_identical(copies: str) -> None:
    """The copies of a file in several services have the same content."""
    contents = [file.read_bytes() for file in LABS.glob(copies)]

    assert len(contents) > 1
    assert len(set(contents)) == 1


def test_password_is_only_in_env_file() -> None:
    """The demonstration's password is in .env and in no Python file."""
    for file in (LABS / "token").rglob("*.py"):
        assert "pass123" not in file.read_text(encoding="utf-8"), file
    assert "SERVICE_A_PASSWORD=pass123" in (LABS / "token" / ".env").read_text(encoding="utf-8")
