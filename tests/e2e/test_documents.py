"""Every command in README.md and docs/ is run: as it stands, or with the change that is written here."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import requests

from support.demo import ROOT, Demo

PollUntil = Callable[..., None]


@dataclass(frozen=True)
class AsTested:
    """How a documented command is run here, where not as it stands."""

    command: str  # what runs instead; empty: it runs elsewhere
    why: str


AS_IT_STANDS = AsTested("", "")
COMMANDS = {
    # the shop is down
    "python3 run_demo.py": AsTested("python3 run_demo.py --users 30 --duration 6", "two minutes shorter"),
    "BREAKER_RESET_TIMEOUT_S=5 python3 run_demo.py --quick": AsTested(
        "BREAKER_RESET_TIMEOUT_S=1 python3 run_demo.py --users 5 --duration 5", "half a minute shorter"
    ),
    **{
        command: AsTested("", "test_compare.py, shorter and on ports of its own")
        for command in (
            "python3 run_demo.py --quick",
            "python3 run_demo.py --phases healthy=15,fault=60,recovery=45 --users 200 --seed 7",
            "python3 run_demo.py --arrival-rate 50",
            "python3 run_demo.py --classic",
            "python3 run_demo.py --repeat 3",
            "python3 run_demo.py --json",
            "cp results/comparison_report.json before.json",
            "python3 run_demo.py diff before.json results/comparison_report.json",
            "python3 run_demo.py report results/comparison_report.json",
        )
    },
    "python3 run_demo.py test": AsTested("", "this is it"),
    "python3 run_demo.py live": AsTested("", "tests/browser/test_control_room.py, on ports of its own"),
    "diff api-gateway-v1/api_gateway_v1/app.py api-gateway-v2/api_gateway_v2/app.py": AS_IT_STANDS,
    "docker compose up --build --detach --wait": AsTested("", "test_docker.py, on ports of its own"),
    "python3 run_demo.py --engine docker": AsTested("", "test_docker.py, on ports of its own"),
    "docker compose down": AsTested("", "test_docker.py, on ports of its own"),
    **{
        f"python3 run_demo.py lab {name}": AsTested("", "test_labs.py, on ports of its own")
        for name in ("echo", "echo-validated", "token")
    },
    # the shop is up
    "SIMULATE_FAILURE=true python3 run_demo.py up": AsTested("", "the fixture `sick_shop`"),
    "OPERATOR_TOKEN=let-me-in SIMULATE_FAILURE=true python3 run_demo.py up": AsTested("", "the fixture `sick_shop`"),
    "python3 run_demo.py bench": AsTested("", "test_benchmarks.py, its parts; the whole takes minutes"),
    **{
        'curl -X PUT http://localhost:8090/circuit-control -H "Authorization: Bearer let-me-in" '
        f'-d \'{{"mode": "{mode}"}}\'': AS_IT_STANDS
        for mode in ("open", "closed", "automatic")
    },
    "curl http://localhost:8090/circuit-status": AS_IT_STANDS,
    "curl -s http://localhost:8090/metrics": AS_IT_STANDS,
    "time curl --max-time 35 http://localhost:8080/product-details/1": AS_IT_STANDS,
    "for i in 1 2 3 4; do time curl http://localhost:8090/product-details/1; done": AS_IT_STANDS,
    "watch -n 1 curl -s http://localhost:8090/circuit-status": AsTested(
        "curl -s http://localhost:8090/circuit-status", "watch needs a terminal and has no end"
    ),
    "curl -X DELETE http://localhost:8082/faults": AS_IT_STANDS,
    'curl -X PUT http://localhost:8082/faults -d \'{"kind": "hang"}\'': AS_IT_STANDS,
    "source .venv/bin/activate": AS_IT_STANDS,
    **{
        f"locust -f locustfile.py --host=http://localhost:{port} --users 100 --spawn-rate 10 --run-time 2m --headless "
        f"--csv=results_{name}": AsTested(
            f"source .venv/bin/activate && locust -f locustfile.py --host=http://localhost:{port} --users 20 "
            f"--spawn-rate 10 --run-time 4s --headless --csv=results_{name} --exit-code-on-error 0",
            "four seconds instead of two minutes; v1's failures are what it is to show",
        )
        for port, name in ((8080, "v1"), (8090, "v2"))
    },
    "locust -f locustfile.py --host=http://localhost:8090 --users 100 --spawn-rate 10 --run-time 60s --headless "
    "--only catalogue": AsTested(
        "source .venv/bin/activate && locust -f locustfile.py --host=http://localhost:8090 --users 20 --spawn-rate 10 "
        "--run-time 3s --headless --only catalogue",
        "three seconds instead of a minute",
    ),
}
ON_A_SICK_SHOP = [command for command in COMMANDS if "localhost" in command]
ALONE = [
    command
    for command, tested in COMMANDS.items()
    if command not in ON_A_SICK_SHOP and (tested.command or tested == AS_IT_STANDS)
]


def documented_commands() -> list[str]:
    """Return every command line of every bash block in the documents."""
    documents = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
    blocks = [b for d in documents for b in re.findall(r"```bash\n(.*?)```", d.read_text(encoding="utf-8"), re.DOTALL)]
    lines = [line for block in blocks for line in block.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


SICK = {"SIMULATE_FAILURE": "true", "UPSTREAM_TIMEOUT_S": "3", "OPERATOR_TOKEN": "let-me-in"}


@pytest.fixture
def sick_shop(demo: Demo) -> Iterator[Demo]:
    """The shop as the README starts it, on the README's ports, with a shorter hang for v1 to sit out."""
    up = demo.start("python3", "run_demo.py", "up", env=SICK)
    assert up.stdout is not None
    while "Ctrl-C stops them" not in (line := up.stdout.readline()):
        assert line, up.communicate()[1]
    yield demo
    up.terminate()
    up.communicate(timeout=20)


def test_every_documented_command_is_known_here() -> None:
    """A command can't be in a document without being in this file, nor the other way round."""
    assert set(documented_commands()) == set(COMMANDS)


@pytest.mark.parametrize("command", ALONE)
def test_command_works_on_its_own(demo: Demo, command: str) -> None:
    """It does what the document says, from the folder of the project."""
    status, out, err = demo.run("bash", "-c", COMMANDS[command].command or command)
    differs = 1  # the exit status of diff
    assert status == (differs if command.startswith("diff") else 0), out + err


def test_commands_work_on_the_sick_shop(sick_shop: Demo) -> None:
    """In the order of the README, on the shop that its own command starts."""
    answers = {}
    for command in ON_A_SICK_SHOP:
        status, answers[command], err = sick_shop.run("bash", "-c", COMMANDS[command].command or command)
        assert status == 0, f"{command}: {err}"
    v1 = answers["time curl --max-time 35 http://localhost:8080/product-details/1"]
    assert "Failed to get recommendations" in v1
    v2 = answers["for i in 1 2 3 4; do time curl http://localhost:8090/product-details/1; done"]
    assert v2.count('"degraded_mode":true') == 4
    orders = [answer for command, answer in answers.items() if "circuit-control" in command]
    assert [order.count('"control":"forced') for order in orders] == [1, 1, 0]
    assert "circuitbreaker_state{" in answers["curl -s http://localhost:8090/metrics"]
    assert '"state":"' in answers["watch -n 1 curl -s http://localhost:8090/circuit-status"]
    assert "/product-details/[id] degraded" in (sick_shop.folder / "results_v2_stats.csv").read_text()


def test_locust_web_page_drives_the_load(
    sick_shop: Demo, free_ports: Callable[[int], list[int]], poll_until: PollUntil
) -> None:
    """Without --headless, Locust's page starts the load and shows outcomes."""
    page = f"http://127.0.0.1:{free_ports(1)[0]}"
    address = ["--web-host", "127.0.0.1", "--web-port", page.rsplit(":", 1)[1]]
    locust = sick_shop.start("locust", "-f", "locustfile.py", "--host=http://localhost:8090", *address)
    poll_until(lambda: _answers(page))
    requests.post(f"{page}/swarm", data={"user_count": 5, "spawn_rate": 5}, timeout=10).raise_for_status()

    def listed() -> list[str]:
        return [row["name"] for row in requests.get(f"{page}/stats/requests", timeout=10).json()["stats"]]

    poll_until(lambda: "/product-details/[id] degraded" in listed())
    locust.terminate()
    locust.communicate(timeout=20)


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).ok
    except requests.ConnectionError:
        return False
