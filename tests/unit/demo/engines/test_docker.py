"""The Docker engine, with a `docker` on the PATH that answers from files."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from demo.engines import DockerEngine, stack
from experiment.errors import EnvironmentProblem, UsageError
from experiment.paths import ROOT
from experiment.services import GATEWAY_V2, LIVE, RECOMMENDATIONS, SERVICES, Service, urls

DOCKER = """#!/bin/sh
echo "$*" >> {folder}/commands
case "$*" in
  version) cat {folder}/version ;;
  "compose config"*) cat {folder}/config ;;
  "ps --quiet --all"*) cat {folder}/containers ;;
  inspect*) cat {folder}/inspected ;;
  "compose pause"*)
    test "$(grep -c pause {folder}/commands)" -lt "$(cat {folder}/freezes)" || exit 0
    echo "unable to freeze" >&2
    exit 1 ;;
  "compose up"*) exit $(cat {folder}/up) ;;
  logs*) echo "bad setting: BREAKER_FAIL_MAX='0'" ;;
esac
"""
V2 = "api-gateway-v2"
Say = Callable[..., None]


def config_with(**settings: str | None) -> dict[str, Any]:
    """Return the configuration of the shop, with these settings of v2."""
    services: dict[str, Any] = {service.name: {} for service in LIVE}
    services[V2] = {"environment": settings, "depends_on": {"product-service": {}}}
    return {"name": "shop", "services": services}


def container(
    service: Service, *settings: str, folder: Path = ROOT, port: int | None = None, number: int = 1
) -> dict[str, Any]:
    """Return what `docker inspect` says of a running container."""
    return {
        "Name": f"/shop-{service.name}-{number}",
        "State": {"Status": "running", "ExitCode": 0},
        "Config": {
            "Env": ["PATH=/venv/bin", *settings],
            "Labels": {
                "com.docker.compose.service": service.name,
                "com.docker.compose.project.working_dir": str(folder),
            },
        },
        "NetworkSettings": {"Ports": {"1/tcp": [{"HostPort": str(port or service.default_port)}], "2/tcp": None}},
    }


def running(*settings: str, folder: Path = ROOT, port: int | None = None) -> list[dict[str, Any]]:
    """Return the containers of the whole shop; v2's has these settings, and this port."""
    return [
        container(s, *settings, folder=folder, port=port) if s.name == V2 else container(s, folder=folder) for s in LIVE
    ]


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Say:
    """Return a function that chooses what `docker` says; without a call it is a Docker with a stopped shop."""
    (tmp_path / "docker").write_text(DOCKER.format(folder=tmp_path))
    (tmp_path / "docker").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    def say(
        containers: Sequence[dict[str, Any]] = (), *, version: str = "Client:\n Version: 28.2.2", **settings: str | None
    ) -> None:
        (tmp_path / "version").write_text(version)
        (tmp_path / "up").write_text("0")
        (tmp_path / "config").write_text(json.dumps(config_with(**settings)))
        (tmp_path / "containers").write_text("".join(f"{number}\n" for number in range(len(containers))))
        (tmp_path / "inspected").write_text(json.dumps(containers))
        for name, value in settings.items():
            if value:
                monkeypatch.setenv(name, value.replace("$$", "$"))

    say()
    return say


def commands(tmp_path: Path) -> list[str]:
    """Return the docker commands that were run."""
    return (tmp_path / "commands").read_text().splitlines()


def problem(services: Sequence[Service] = SERVICES) -> str:
    """Return why the engine does not start these services."""
    with pytest.raises(EnvironmentProblem) as raised:
        DockerEngine().start(services, None)
    assert "\n" not in str(raised.value)
    return str(raised.value)


def replicas(count: int) -> list[dict[str, Any]]:
    """Return the containers of a balancer and of so many replicas, the last one first."""
    replica, balancer = Service("api-gateway-v2-replica", "", 8101), Service("balancer", "", 8100)
    found = [container(replica, port=8100 + number, number=number) for number in range(1, count + 1)]
    return [container(balancer), *reversed(found)]


def test_finds_the_replicas_that_run(say: Say) -> None:
    """The load goes to the balancer, and each replica is asked at the port that Docker has given it."""
    say([*running(), *replicas(2)])
    fleet = DockerEngine().fleet(2)
    assert fleet.urls[GATEWAY_V2] == "http://127.0.0.1:8100"
    assert {replica.name: fleet.urls[replica] for replica in fleet.replicas} == {
        "shop-api-gateway-v2-replica-1": "http://127.0.0.1:8101",
        "shop-api-gateway-v2-replica-2": "http://127.0.0.1:8102",
    }
    assert fleet.services == SERVICES


@pytest.mark.parametrize("found", [replicas(2), replicas(3)[1:], []], ids=["too few", "no balancer", "none"])
def test_says_how_to_run_the_replicas(say: Say, found: list[dict[str, Any]]) -> None:
    """Replicas that do not run are not started: the message has the command."""
    say([*running(), *found])
    with pytest.raises(EnvironmentProblem, match=r"--profile replicas up .* --scale api-gateway-v2-replica=3` changes"):
        DockerEngine().fleet(3)


def test_shop_without_replicas_needs_no_docker(tmp_path: Path) -> None:
    """The shop as it is has the addresses of the settings."""
    assert DockerEngine().fleet(0).urls == urls(SERVICES)
    assert not (tmp_path / "commands").exists()


def test_names_podman(say: Say) -> None:
    """A docker command that is Podman's, whatever its file is called, is named as what is not supported."""
    say(version="Client:       Podman Engine\nVersion:      4.3.1")
    assert problem().startswith("the docker command is Podman's, which is not supported: install Docker, or leave out")


@pytest.mark.parametrize(
    ("stack_has", "shown"),
    [
        ("BREAKER_RESET_TIMEOUT_S=10", "BREAKER_RESET_TIMEOUT_S=10, not 3"),
        ("OTHER=1", "BREAKER_RESET_TIMEOUT_S at its default, not 3"),
    ],
)
def test_refuses_a_running_stack_with_other_settings(say: Say, stack_has: str, shown: str) -> None:
    """A running stack with another value than the user's is refused, with the commands that change it or end it."""
    say(running(stack_has), BREAKER_RESET_TIMEOUT_S="3")
    assert problem() == (
        f"the running stack has {shown}: `BREAKER_RESET_TIMEOUT_S=3 docker compose up --detach --wait` changes it, "
        "`docker compose down` ends it"
    )


@pytest.mark.parametrize("name", ["OPERATOR_TOKEN", "CIRCUIT_SHARE_URL"])
def test_refuses_a_running_stack_with_another_secret_without_showing_it(say: Say, name: str) -> None:
    """A token or an address with a password that differs is named, and neither value is shown."""
    say(running(f"{name}=theirs"), **{name: "mine"})
    text = problem()
    assert text.startswith(f"the running stack has another {name}: `{name}=... docker compose up")
    assert "theirs" not in text
    assert "mine" not in text


def test_refuses_a_running_stack_on_another_port(say: Say) -> None:
    """A running stack that is published on other ports than the settings say is refused."""
    say(running(port=9090))
    assert problem().startswith("the running stack has API_GATEWAY_V2_PORT=9090, not 8090: ")


@pytest.mark.parametrize("asked", [{}, {"OPERATOR_TOKEN": None}, {"OPERATOR_TOKEN": "a$$b"}])
def test_uses_a_running_stack_with_the_settings_asked_for(
    say: Say, tmp_path: Path, asked: dict[str, str | None]
) -> None:
    """A running stack is used as it is when the user's settings, as far as there are any, are its own."""
    say(running("OPERATOR_TOKEN=a$b"), **asked)
    engine = DockerEngine()
    engine.start(LIVE, None)
    engine.stop()
    assert not [
        command for command in commands(tmp_path) if " up " in command or " rm " in command or "down" in command
    ]


def test_tells_the_settings_of_a_running_stack(say: Say) -> None:
    """The settings in use are those of the running containers, empty where the container has none."""
    say(running("OPERATOR_TOKEN=theirs"), OPERATOR_TOKEN=None, BREAKER_FAIL_MAX=None)
    assert DockerEngine().settings_in_use() == {"OPERATOR_TOKEN": "theirs", "BREAKER_FAIL_MAX": ""}


def test_ignores_containers_that_only_a_profile_starts(say: Say) -> None:
    """A Prometheus beside the running shop, which `docker compose config` does not name, makes no difference."""
    prometheus = container(Service("prometheus", "PROMETHEUS_PORT", 9090))
    say([*running("OPERATOR_TOKEN=theirs"), prometheus], OPERATOR_TOKEN="theirs")  # noqa: S106 - no secret
    assert DockerEngine().settings_in_use() == {"OPERATOR_TOKEN": "theirs"}


def test_refuses_the_stack_of_another_checkout(say: Say, tmp_path: Path) -> None:
    """Containers of a project that belongs to another checkout are left alone, even when they are stopped."""
    theirs = running(folder=tmp_path)
    for inspected in theirs:
        inspected["State"]["Status"] = "exited"
    say(theirs)
    assert problem() == (
        f"the containers of shop belong to {tmp_path}: run `docker compose down` there, "
        "or give this checkout a name (COMPOSE_PROJECT_NAME=...) and ports of its own"
    )


def test_starts_what_is_missing_and_nothing_else(
    say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A service is started with what it depends on; running containers stay as they are; stdout stays empty."""
    for check in ("check_no_other_stack", "check_free"):
        monkeypatch.setattr(f"demo.engines.docker.{check}", lambda _ports: None)
    v2 = [service for service in SERVICES if service.name == V2]
    say()
    DockerEngine().start(v2, None)
    say(running()[1:2])  # recommendations
    DockerEngine().start(SERVICES, None)
    ups = [command for command in commands(tmp_path) if command.startswith("compose up")]
    up = "compose up --build --detach --wait --no-deps"
    assert ups == [f"{up} product-service api-gateway-v2", f"{up} product-service api-gateway-v1 api-gateway-v2"]
    assert capsys.readouterr().out == ""


def test_names_the_bad_setting_of_a_container(say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A container that ends because of a bad setting is an error of usage, with the line that names the setting."""
    for check in ("check_no_other_stack", "check_free"):
        monkeypatch.setattr(f"demo.engines.docker.{check}", lambda _ports: None)
    stopped = container(SERVICES[3])
    stopped["State"] = {"Status": "exited", "ExitCode": 2}
    say([stopped])
    (tmp_path / "up").write_text("1")
    with pytest.raises(UsageError, match="api-gateway-v2 ended with status 2: bad setting: BREAKER_FAIL_MAX='0'"):
        DockerEngine().start(SERVICES, None)


def test_names_the_stack_that_holds_a_port(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A port that another stack holds is reported with the command that ends that stack."""
    monkeypatch.setattr(stack, "_inspect", lambda *_arguments: running(folder=tmp_path))
    with pytest.raises(EnvironmentProblem, match=f"has a port of this shop: run `docker compose down` in {tmp_path}"):
        stack.check_no_other_stack([8081])


@pytest.mark.usefixtures("say")
def test_compose_reads_this_checkout_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's COMPOSE_FILE does not reach Compose; the name of the project does."""
    (tmp_path / "docker").write_text(f"#!/bin/sh\nenv > {tmp_path}/seen\nexit 1\n")
    monkeypatch.setenv("COMPOSE_FILE", "/elsewhere.yml")
    monkeypatch.setenv("COMPOSE_PROJECT_NAME", "mine")
    problem()
    seen = (tmp_path / "seen").read_text()
    assert "COMPOSE_FILE" not in seen
    assert "COMPOSE_PROJECT_NAME=mine" in seen


def test_tries_again_to_freeze_a_container(say: Say, tmp_path: Path) -> None:
    """A container that cannot be frozen at first is suspended in the end."""
    say()
    (tmp_path / "freezes").write_text("2")
    DockerEngine().suspend(RECOMMENDATIONS)
    assert commands(tmp_path) == ["compose pause recommendations-service"] * 2


def test_names_why_a_container_cannot_be_frozen(say: Say, tmp_path: Path) -> None:
    """A container that can never be frozen is a problem of the environment, with Docker's own words."""
    say()
    (tmp_path / "freezes").write_text("99")
    with pytest.raises(EnvironmentProblem, match="unable to freeze"):
        DockerEngine().suspend(RECOMMENDATIONS)
