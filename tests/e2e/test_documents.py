"""The commands in README.md and docs/ run as they stand, or shortened as this file says."""

from collections.abc import Callable, Iterator

import pytest
import requests

from support.demo import Demo
from support.docker import (
    COMPOSE_DOWN,
    COMPOSE_UP,
    LOAD_WORKERS_DOWN,
    LOAD_WORKERS_UP,
    OBSERVABILITY_DOWN,
    OBSERVABILITY_UP,
    REPLICAS_DOWN,
    REPLICAS_RUN,
    REPLICAS_UP,
    require_docker,
)
from support.documents import PROJECT, blocks, check_run_demo, commands
from support.kubernetes import NEED_A_CLUSTER, RENDER
from support.labs import answers
from support.swarm import COMMANDS as ON_A_SWARM

PollUntil = Callable[..., None]


# Commands in the order in which they run, each with what runs instead where it would take too long.
ALONE = {
    "python3 run_demo.py": "python3 run_demo.py --users 30 --duration 6",
    "python3 run_demo.py trace load-17": "",
    "cp results/comparison_report.json before.json": "",
    "BREAKER_RESET_TIMEOUT_S=5 python3 run_demo.py --quick": (
        "BREAKER_RESET_TIMEOUT_S=1 python3 run_demo.py --users 5 --duration 5"
    ),
    "python3 run_demo.py diff before.json results/comparison_report.json": "",
    "python3 run_demo.py report results/comparison_report.json": "",
    "source .venv/bin/activate": "",
    "python3 run_demo.py matrix": ("python3 run_demo.py matrix --faults hang --gateways guard --seeds 1 --seconds 4"),
    "cp results/matrix.json first.json": "",
    "python3 run_demo.py matrix --compare first.json results/matrix.json": "",
    RENDER: "",
}
ON_A_SICK_SHOP = {
    **{
        'curl -X PUT http://127.0.0.1:8090/circuit-control -H "Authorization: Bearer let-me-in" '
        f'-d \'{{"mode": "{mode}"}}\'': ""
        for mode in ("open", "closed", "automatic")
    },
    "curl http://127.0.0.1:8090/circuit-status": "",
    "curl -s http://127.0.0.1:8090/metrics": "",
    "time curl --max-time 35 http://127.0.0.1:8080/product-details/1": "",
    "for i in 1 2 3 4 5 6; do time curl http://127.0.0.1:8090/product-details/1; done": "",
    "while sleep 1; do curl -s http://127.0.0.1:8090/circuit-status; done": (
        "curl -s http://127.0.0.1:8090/circuit-status"
    ),
    "curl -X DELETE http://127.0.0.1:8082/faults": "",
    'curl -X PUT http://127.0.0.1:8082/faults -d \'{"kind": "hang"}\'': "",
    **{
        f"locust -f locustfile.py --host=http://127.0.0.1:{port} --users 100 --spawn-rate 10 --run-time 2m --headless "
        f"--csv=results_{name}": (
            f"source .venv/bin/activate && locust -f locustfile.py --host=http://127.0.0.1:{port} --users 20 "
            f"--spawn-rate 10 --run-time 4s --headless --csv=results_{name} --exit-code-on-error 0"
        )
        for port, name in ((8080, "v1"), (8090, "v2"))
    },
    "locust -f locustfile.py --host=http://127.0.0.1:8090 --users 100 --spawn-rate 10 --run-time 60s --headless "
    "--only catalogue": (
        "source .venv/bin/activate && locust -f locustfile.py --host=http://127.0.0.1:8090 --users 20 --spawn-rate 10 "
        "--run-time 3s --headless --only catalogue"
    ),
}

WITH_IMAGES_OF_OTHERS = (  # pulled from a registry, which no test does
    "OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4318 docker compose --profile tracing up --build --detach",
    "docker compose --profile tracing up --detach collector jaeger",
    (
        "CIRCUIT_SHARE_URL=redis://redis:6379 docker compose --profile fleet --profile replicas up --build --detach "
        "--scale api-gateway-v2-replica=3"
    ),
)

LOAD_WORKERS = {
    f"locust -f locustfile.py,load/arrivals.py --worker --master-port {port}": port for port in (5557, 5558)
}

SICK = {"SIMULATE_FAILURE": "true", "UPSTREAM_TIMEOUT_S": "3", "OPERATOR_TOKEN": "let-me-in"}


@pytest.fixture
def sick_shop(demo: Demo) -> Iterator[Demo]:
    """The shop as the README starts it, on the README's ports, with a shorter timeout for v1."""
    up = demo.start("python3", "run_demo.py", "up", env=SICK)
    assert up.stdout is not None
    while "Ctrl-C stops them" not in (line := up.stdout.readline()):
        assert line, up.communicate()[1]
    yield demo
    up.terminate()
    up.communicate(timeout=20)


def test_every_documented_command_runs() -> None:
    """Every documented command runs in a test of this folder, needs a cluster, or is one that run_demo.py accepts.

    The tests of the command line parse those of run_demo.py.
    """
    documented = set(commands(blocks(PROJECT)))
    run = {*ALONE, *ON_A_SICK_SHOP, *WITH_IMAGES_OF_OTHERS}
    run |= {
        *LOAD_WORKERS,
        LOAD_WORKERS_UP,
        LOAD_WORKERS_DOWN,
        COMPOSE_UP,
        COMPOSE_DOWN,
        OBSERVABILITY_UP,
        OBSERVABILITY_DOWN,
        *ON_A_SWARM,
    }
    run |= {REPLICAS_UP, REPLICAS_RUN, REPLICAS_DOWN}

    assert run | set(NEED_A_CLUSTER) <= documented
    assert [command for command in documented - run - set(NEED_A_CLUSTER) if not check_run_demo(command)] == []


@pytest.mark.slow
def test_commands_work_on_their_own(demo: Demo, own_ports: dict[str, str]) -> None:
    """The commands that need no running shop succeed one after the other; a claim or a difference may give status 1."""
    shown = {}
    for command, instead in ALONE.items():
        status, out, err = demo.run("bash", "-c", instead or command, env=own_ports)
        assert status in (0, 1), f"{command}: {out}{err}"
        shown[command] = out
    assert "product-service  GET /products/" in shown["python3 run_demo.py trace load-17"]
    assert (demo.folder / "before.json").exists()


@pytest.mark.slow
def test_workers_from_elsewhere_make_the_load(
    demo: Demo, own_ports: dict[str, str], two_ports: tuple[int, int]
) -> None:
    """A run waits for the workers that the documented commands start, here on free ports, and they end with it."""
    settled = ("--load-workers", "1", "--load-port", str(two_ports[0]), "--duration", "6", "--users", "30")
    run = demo.start("python3", "run_demo.py", *settled, env=own_ports)
    workers = [
        demo.start(*command.replace(str(port), str(two_ports[port - 5557])).split())
        for command, port in LOAD_WORKERS.items()
    ]
    out, err = run.communicate(timeout=120)
    assert run.returncode in (0, 1), out + err
    assert f"1 at 127.0.0.1:{two_ports[0]} for api-gateway-v1" in err
    assert out.count("1 load worker made the requests to api-gateway-v") == 2
    assert [worker.wait(timeout=20) for worker in workers] == [0, 0]
    for worker in workers:
        worker.communicate()


def test_compose_accepts_the_commands_of_its_profiles(demo: Demo) -> None:
    """Compose reads its file as each command asks it to, and finds the services that the command names."""
    require_docker()
    for command in WITH_IMAGES_OF_OTHERS:
        start, _, services = command.partition(" up ")
        named = [word for word in services.split() if not word.startswith("--") and "=" not in word]
        status, out, err = demo.run("bash", "-c", f"{start} config --quiet {' '.join(named)}")
        assert status == 0, f"{command}: {out}{err}"


def test_commands_work_on_sick_shop(sick_shop: Demo) -> None:
    """The commands for a running shop do what the document says, on the shop that its own command starts."""
    shown = {}
    for command, instead in ON_A_SICK_SHOP.items():
        status, shown[command], err = sick_shop.run("bash", "-c", instead or command)
        assert status == 0, f"{command}: {err}"
    v1 = shown["time curl --max-time 35 http://127.0.0.1:8080/product-details/1"]
    assert "Failed to get recommendations" in v1
    v2 = shown["for i in 1 2 3 4 5 6; do time curl http://127.0.0.1:8090/product-details/1; done"]
    assert v2.count('"degraded_mode":true') == 6
    orders = [answer for command, answer in shown.items() if "circuit-control" in command]
    assert [order.count('"control":"forced') for order in orders] == [1, 1, 0]
    assert "circuitbreaker_state{" in shown["curl -s http://127.0.0.1:8090/metrics"]
    assert '"state":"' in shown["while sleep 1; do curl -s http://127.0.0.1:8090/circuit-status; done"]
    assert "/product-details/[id] degraded" in (sick_shop.folder / "results_v2_stats.csv").read_text()


def test_locust_web_page_drives_the_load(
    sick_shop: Demo, free_ports: Callable[[int], list[int]], poll_until: PollUntil
) -> None:
    """Without --headless, Locust's page starts the load and shows the outcomes."""
    page = f"http://127.0.0.1:{free_ports(1)[0]}"
    address = ["--web-host", "127.0.0.1", "--web-port", page.rsplit(":", 1)[1]]
    locust = sick_shop.start("locust", "-f", "locustfile.py", "--host=http://127.0.0.1:8090", *address)
    poll_until(lambda: answers(page))
    requests.post(f"{page}/swarm", data={"user_count": 5, "spawn_rate": 5}, timeout=10).raise_for_status()

    def listed() -> list[str]:
        return [row["name"] for row in requests.get(f"{page}/stats/requests", timeout=10).json()["stats"]]

    poll_until(lambda: "/product-details/[id] degraded" in listed())
    locust.terminate()
    locust.communicate(timeout=20)
