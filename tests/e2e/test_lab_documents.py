"""The labs' documents: their commands work, and the answers and log lines in them are those of the steps."""

import re
import signal
from pathlib import Path

import pytest

from demo.labs.steps import LABS, Step, load, matches
from support.demo import Demo
from support.documents import check_run_demo, commands
from support.labs import NAMES, FreePorts, PollUntil, answers, compose, left_running, own_ports

# Commands that are neither a lab's step, which test_labs.py takes, nor one of run_demo.py.
BY_HAND = {
    *(f"cd labs/{name}/service_{letter}" for name in NAMES for letter in "ab"),
    "python app.py",
    "source .venv/bin/activate",
}
COMMANDS = {
    *BY_HAND,
    *(" ".join([*compose(name), "up", "--build"]) for name in NAMES),
    "labs/echo-validated/test_scenarios.sh",
    "python3 -m venv .venv",
    "pip install --require-hashes -r requirements/labs.txt",
}
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FROM_THE_SCRIPT = ("===", "✓")  # test_lab_own_tests.py


def documents() -> list[Path]:
    """Return the labs' documents."""
    return [LABS / "README.md", *(LABS / name / "README.md" for name in NAMES)]


def blocks(document: Path) -> list[tuple[str, str]]:
    """Return kind and text of every code block of a document."""
    return [(kind, text.strip()) for kind, text in BLOCK.findall(document.read_text(encoding="utf-8"))]


def steps() -> list[Step]:
    """Return the steps of every lab."""
    return [step for name in NAMES for step in load(name).steps]


def test_every_documented_command_is_tested() -> None:
    """Every command in a lab's document is one of its steps, one that run_demo.py accepts, or one in this file."""
    bash = {text for document in documents() for kind, text in blocks(document) if kind == "bash"}
    others = {line for line in commands(bash - {step.run for step in steps()}) if not check_run_demo(line)}
    assert others == COMMANDS
    assert (LABS / "echo-validated" / "test_scenarios.sh").exists()


@pytest.mark.parametrize("name", NAMES)
def test_documented_answers_match_steps(name: str) -> None:
    """The JSON below a command is the answer that the lab's steps expect of it, in one of the states of A."""
    run = ""
    for kind, text in blocks(LABS / name / "README.md"):
        run = text if kind == "bash" else run
        if kind == "json":
            expected = [step.answer for step in load(name).steps if step.run == run]
            assert any(matches(e.replace("\n", " "), text.replace("\n", " ")) for e in expected), text


@pytest.mark.parametrize("document", documents(), ids=lambda document: document.parent.name)
def test_documented_log_lines_match_steps(document: Path) -> None:
    """Each line of output in a document is a log line or an answer that a step expects."""
    patterns = [pattern for step in steps() for pattern in (*step.log_a, *step.log_b, step.answer, f"$ {step.run}")]
    lines = [line for kind, text in blocks(document) if kind == "text" for line in text.splitlines()]
    assert lines
    for line in lines:
        assert line.startswith(FROM_THE_SCRIPT) or any(matches(pattern, line) for pattern in patterns), line


@pytest.mark.parametrize("name", NAMES)
def test_services_run_in_two_terminals(demo: Demo, free_ports: FreePorts, poll_until: PollUntil, name: str) -> None:
    """A service started by its document's commands prints its address, answers, and ends on Ctrl-C."""
    ports = own_ports(free_ports)
    found = {text for kind, text in blocks(LABS / name / "README.md") if kind == "bash" and "python app.py" in text}
    assert found == {f"cd labs/{name}/service_{letter}\npython app.py" for letter in "ab"}
    for letter in "ab":
        port = ports[f"SERVICE_{letter.upper()}_PORT"]
        terminal = f"source .venv/bin/activate\ncd labs/{name}/service_{letter}\nexec python app.py"
        service = demo.start("bash", "-c", terminal, env=ports | {"PYTHONUNBUFFERED": "1"})
        poll_until(lambda port=port: answers(f"http://127.0.0.1:{port}/health"))
        service.send_signal(signal.SIGINT)
        out, err = service.communicate(timeout=20)
        assert f"Running on http://127.0.0.1:{port}" in out + err
        assert service.returncode == 0
    assert left_running(demo.folder) == []
