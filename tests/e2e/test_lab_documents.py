"""The labs' documents: every command is run, and every answer and log line shown is one that a step brings."""

import re
import signal
from pathlib import Path

import pytest

from demo.labs.steps import LABS, Step, load, matches
from support.demo import Demo
from support.labs import NAMES, FreePorts, PollUntil, answers, left_running, own_ports

# Commands that are not in a lab's steps.toml, whose own are run by test_labs.py: how each is run, or where.
COMMANDS = {
    "python3 -m venv .venv": "the project's own .venv, in the terminals below",
    "source .venv/bin/activate": "the terminals below",
    "pip install --require-hashes -r requirements/labs.txt": "test_lab_containers.py: labs/Dockerfile",
    **{f"python3 run_demo.py lab {name}": "test_labs.py" for name in NAMES},
    **{f"cd labs/{name}/service_{letter}": "the terminals below" for name in NAMES for letter in "ab"},
    "python app.py": "the terminals below",
    **{
        f"docker compose -f labs/{name}/docker-compose.yml up --build": "test_lab_containers.py, on ports of its own"
        for name in NAMES
    },
    "python3 run_demo.py test labs/echo-validated/tests": "test_lab_own_tests.py",
    "labs/echo-validated/test_scenarios.sh": "test_lab_own_tests.py",
    "python3 run_demo.py test tests/e2e/test_lab_services.py -k health_is -rP": "test_lab_services.py",
}
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FROM_THE_SCRIPT = ("===", "✓")  # test_lab_own_tests.py


def documents() -> list[Path]:
    """Return the labs' documents."""
    return [LABS / "README.md", *(LABS / name / "README.md" for name in NAMES)]


def blocks(document: Path) -> list[tuple[str, str]]:
    """Return kind and text of every block that a document sets apart."""
    return [(kind, text.strip()) for kind, text in BLOCK.findall(document.read_text(encoding="utf-8"))]


def steps() -> list[Step]:
    """Return the steps of every lab."""
    return [step for name in NAMES for step in load(name).steps]


def test_every_documented_command_is_known() -> None:
    """A command can't be in a document without being a step, or in this file, nor the other way round."""
    commands = {text for document in documents() for kind, text in blocks(document) if kind == "bash"}
    others = commands - {step.run for step in steps()}
    assert {line for block in others for line in block.splitlines()} == set(COMMANDS)


@pytest.mark.parametrize("name", NAMES)
def test_every_documented_answer_is_one_of_its_step(name: str) -> None:
    """The JSON below a command is what the lab's steps expect of it, in one of the states of A."""
    run = ""
    for kind, text in blocks(LABS / name / "README.md"):
        run = text if kind == "bash" else run
        if kind == "json":
            expected = [step.answer for step in load(name).steps if step.run == run]
            assert any(matches(e.replace("\n", " "), text.replace("\n", " ")) for e in expected), text


@pytest.mark.parametrize("document", documents(), ids=lambda document: document.parent.name)
def test_every_documented_log_line_is_one_of_a_step(document: Path) -> None:
    """A line of output is a log line or an answer that a step expects."""
    patterns = [pattern for step in steps() for pattern in (*step.log_a, *step.log_b, step.answer, f"$ {step.run}")]
    lines = [line for kind, text in blocks(document) if kind == "text" for line in text.splitlines()]
    assert lines
    for line in lines:
        assert line.startswith(FROM_THE_SCRIPT) or any(matches(pattern, line) for pattern in patterns), line


@pytest.mark.parametrize("name", NAMES)
def test_two_terminals(demo: Demo, free_ports: FreePorts, poll_until: PollUntil, name: str) -> None:
    """Each service starts by its document's commands, says where it runs, answers, and ends on Ctrl-C."""
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
