"""Process groups: how they start, die and end."""

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from experiment import processes
from experiment.errors import EnvironmentProblem, UsageError
from experiment.guardian import guard
from experiment.processes import ProcessGroup, Supervisor, run, user_environment

PollUntil = Callable[..., None]
FAMILY = "sleep 60 & sleep 60 & echo started; wait"  # a command with two children
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('started'); time.sleep(60)"
TIDY = "trap 'echo tidied; exit' TERM; echo started; while true; do sleep 0.01; done"


def alive(group: int) -> list[psutil.Process]:
    """Return the processes of a group that have not ended."""
    return [
        process
        for process in psutil.process_iter(["pid", "status"])
        if process.info["status"] != psutil.STATUS_ZOMBIE and _group_of(process.pid) == group
    ]


def _group_of(pid: int) -> int | None:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return None


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Return where the log goes."""
    return tmp_path / "process.log"


@pytest.fixture
def has_started(log: Path, poll_until: PollUntil) -> Callable[[], None]:
    """Return a function that waits until the process has written its first line."""
    return lambda: poll_until(lambda: log.exists() and "started" in log.read_text())


@pytest.mark.parametrize("command", [["sh", "-c", FAMILY], [sys.executable, "-c", DEAF]], ids=["children", "deaf"])
def test_nothing_is_left_of_a_group(
    command: list[str], log: Path, has_started: Callable[[], None], poll_until: PollUntil
) -> None:
    """The end of the block ends a command with its children, and one that does not listen to SIGTERM."""
    with Supervisor(stops_within_s=0.2) as supervisor:
        group = supervisor.start("it", command, log=log)
        has_started()
        assert alive(group.pid)
    assert not group.is_running
    poll_until(lambda: alive(group.pid) == [])


def test_lets_a_process_tidy_up_even_when_it_is_stopped(log: Path, has_started: Callable[[], None]) -> None:
    """A process is asked before it is killed, and one that is stopped goes on to hear it."""
    with Supervisor(stops_within_s=20) as supervisor:
        group = supervisor.start("it", ["sh", "-c", TIDY], log=log)
        has_started()
        group.send(signal.SIGSTOP)
    assert group.last_lines(1) == ["tidied"]


@pytest.mark.parametrize(
    ("script", "problem", "message"),
    [
        ("echo bad setting: X; exit 2", UsageError, "shop ended with status 2: bad setting: X"),
        ("seq 7; exit 1", EnvironmentProblem, "shop ended with status 1: its last lines:\n  3\n  4\n  5\n  6\n  7"),
        ("exit 0", EnvironmentProblem, "shop ended with status 0"),
    ],
)
def test_says_how_a_process_died(
    log: Path, poll_until: PollUntil, script: str, problem: type[Exception], message: str
) -> None:
    """A process that has ended is named with its status and its last lines; status 2 is a bad setting."""
    with Supervisor() as supervisor:
        group = supervisor.start("shop", ["sh", "-c", script], log=log)
        poll_until(lambda: not group.is_running)
        with pytest.raises(problem) as died:
            supervisor.check_alive()
    assert str(died.value) == message


def test_ctrl_c_during_the_start_ends_what_was_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """A signal that arrives between the start of a process and its entry on the list takes effect after it."""
    started: list[ProcessGroup] = []

    def interrupted(name: str, popen: subprocess.Popen[str], log: None) -> ProcessGroup:
        os.kill(os.getpid(), signal.SIGINT)
        started.append(ProcessGroup(name, popen, log))
        return started[0]

    monkeypatch.setattr(processes, "ProcessGroup", interrupted)
    with pytest.raises(KeyboardInterrupt), Supervisor() as supervisor:
        supervisor.start("it", ["sleep", "60"])
    assert [group.is_running for group in started] == [False]


def test_nothing_is_left_when_the_supervisor_is_killed(tmp_path: Path, poll_until: PollUntil) -> None:
    """A supervisor that gets SIGKILL takes its groups with it: the tidy, the stopped and the deaf."""
    tidied = tmp_path / "tidied"
    tidy = ["sh", "-c", f"trap 'echo tidied > {tidied}; exit' TERM; echo started; while true; do sleep 0.01; done"]
    script = f"""
import os, pathlib, signal
from experiment.processes import Supervisor
supervisor = Supervisor(stops_within_s=1)
folder = pathlib.Path({str(tmp_path)!r})
commands = {[tidy, ["sh", "-c", FAMILY], [sys.executable, "-c", DEAF]]}
started = [supervisor.start("it", command, log=folder / str(n)) for n, command in enumerate(commands)]
started[1].send(signal.SIGSTOP)
print(*(group.pid for group in started), flush=True)
signal.pause()
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as killed:  # noqa: S603 - our own
        assert killed.stdout is not None
        groups = [int(pid) for pid in killed.stdout.readline().split()]
        poll_until(lambda: all("started" in (tmp_path / str(n)).read_text() for n in (0, 2)))
        assert all(alive(group) for group in groups)
        killed.kill()
    poll_until(lambda: not any(alive(group) for group in groups))
    assert tidied.exists()


def test_guardian_leaves_alone_what_has_ended() -> None:
    """A group that the supervisor has ended is not touched later: its number may be another's by then."""
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as process:  # noqa: S607 - the system's sleep
        guard([f"{process.pid} {int(signal.SIGTERM)} 5", f"{process.pid}"])
        assert process.poll() is None
        guard([f"{process.pid} {int(signal.SIGKILL)} 0"])
        assert process.wait(timeout=10) == -signal.SIGKILL


def test_says_when_there_can_be_no_more_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that forks no more is named as such, in one line."""

    def refuse(*_: object, **__: object) -> None:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(subprocess, "Popen", refuse)
    with (
        Supervisor() as supervisor,
        pytest.raises(EnvironmentProblem, match="cannot start it: this system allows no more"),
    ):
        supervisor.start("it", ["sleep", "60"])


def test_run_returns_what_a_command_prints() -> None:
    """Both streams come back apart, with the status, even where they are longer than a pipe holds."""
    done = run(["sh", "-c", "head -c 200000 /dev/zero; echo oh >&2; exit 3"])
    assert (done.returncode, len(done.stdout), done.stderr) == (3, 200_000, "oh\n")


def test_run_ends_a_command_that_takes_too_long(tmp_path: Path, poll_until: PollUntil) -> None:
    """A command that is given up is ended with its children."""
    pid = tmp_path / "pid"
    with pytest.raises(subprocess.TimeoutExpired):
        run(["sh", "-c", f"echo $$ > {pid}; {FAMILY}"], within_s=0.5)
    poll_until(lambda: alive(int(pid.read_text())) == [])


def test_the_users_tools_keep_their_settings_to_themselves() -> None:
    """Our processes get the user's environment, but no proxy, no modules, and no setting of a library of ours."""
    others = dict.fromkeys(
        (
            *("HTTP_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"),
            *("PYTHONPATH", "PYTHONHOME", "PYTHONWARNINGS", "PYTHONOPTIMIZE", "PYTHONSAFEPATH"),
            *("WEB_CONCURRENCY", "GUNICORN_CMD_ARGS", "FORWARDED_ALLOW_IPS", "PORT", "SENDFILE", "SCRIPT_NAME"),
            *("LOCUST_STOP_TIMEOUT", "FLASK_DEBUG", "FLASK_RUN_FROM_CLI", "PIP_USER", "PYTEST_ADDOPTS"),
            *("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_PROPAGATORS", "OTEL_SDK_DISABLED", "OTEL_SERVICE_NAME"),
        ),
        "3",
    )
    own = {"BREAKER_FAIL_MAX": "5", "API_GATEWAY_V1_PORT": "9080", "PYTHONIOENCODING": "ascii", "DOCKER_HOST": "tcp:"}
    given = user_environment({**others, "NO_PROXY": "example", **own})
    assert given == {**own, "PYTHONUNBUFFERED": "1", "NO_PROXY": "*", "no_proxy": "*"}
