"""Schemathesis against every service: what a document allows and forbids, and the answers held against it."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

from demo.engines.local import LocalEngine
from experiment.run.shop import Shop
from experiment.services import GATEWAYS, PRODUCT, RECOMMENDATIONS, SERVICES, Service, urls
from support.labs import answers
from support.live import own_room
from support.shops import FreePorts, PollUntil, shop_running

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
TOKEN = "of-the-tests"  # noqa: S105 - of these tests
SETTINGS = {
    "OPERATOR_TOKEN": TOKEN,
    # a busy machine fails no call of a healthy shop
    "PRODUCT_DEADLINE_S": "20",
    "PRODUCT_SLOW_CALL_S": "10",
}
SICK = ("--exclude-checks", "not_a_server_error")  # where a 5xx is due; the document names which
NOT_THE_STREAM = ("--exclude-path", "/events")  # it does not end


@dataclass(frozen=True)
class Examined:
    """A service at its address, and what else Schemathesis is told."""

    url: str
    options: Sequence[str] = field(default=())

    def start(self) -> subprocess.Popen[str]:
        """Start Schemathesis; it ends with status 0 if the service keeps to its document."""
        headers = ["-H", f"Authorization: Bearer {TOKEN}", "-H", f"Origin: {self.url}"]
        command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml"), "run"]
        return subprocess.Popen(  # noqa: S603 - the tools of these tests
            [*command, *headers, *self.options, f"{self.url}/openapi.json"],
            env=os.environ | {"OPERATOR_TOKEN": TOKEN, "SCHEMATHESIS_HOOKS": str(HERE / "hooks.py")},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


def examine(*examined: Examined) -> None:
    """Examine services that do not disturb each other, all at the same time."""
    started = [one.start() for one in examined]
    reports = [process.communicate()[0] for process in started]
    failed = [report for process, report in zip(started, reports, strict=True) if process.returncode]
    assert not failed, "\n".join(failed)


@pytest.fixture(scope="module")
def shop(free_ports: FreePorts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A healthy shop."""
    with shop_running(free_ports, tmp_path_factory.mktemp("logs"), SETTINGS) as shop:
        yield shop


@pytest.fixture
def room(shop: Shop, free_ports: FreePorts, poll_until: PollUntil) -> Iterator[str]:
    """The address of a control room of the shop, where nobody makes load."""
    port, nobody = free_ports(2)
    addresses = {service.url_variable: url for service, url in shop.urls.items()}
    loads = dict.fromkeys(("LOAD_V1_URL", "LOAD_V2_URL"), f"http://127.0.0.1:{nobody}")
    with own_room(port, **addresses, **loads):
        url = f"http://127.0.0.1:{port}"
        poll_until(lambda: answers(f"{url}/health"))
        yield url


@pytest.fixture
def gateways_alone(
    free_ports: FreePorts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, poll_until: PollUntil
) -> Iterator[list[str]]:
    """The addresses of both gateways without the services that they call."""
    for service, port in zip(SERVICES, free_ports(len(SERVICES)), strict=True):
        monkeypatch.setenv(service.port_variable, str(port))
    monkeypatch.setenv("OPERATOR_TOKEN", TOKEN)
    addresses = [urls(SERVICES)[gateway] for gateway in GATEWAYS]
    with ExitStack() as after:
        engine = LocalEngine()
        after.callback(engine.stop)
        engine.start(GATEWAYS, tmp_path)
        for address in addresses:
            poll_until(lambda address=address: answers(f"{address}/health"))
        yield addresses


@pytest.mark.parametrize(
    "services", [(PRODUCT, RECOMMENDATIONS), GATEWAYS], ids=lambda services: " and ".join(one.name for one in services)
)
def test_services_keep_to_their_documents(shop: Shop, services: Sequence[Service]) -> None:
    """A healthy service answers every request as its document says, with no 5xx, and is healthy afterwards."""
    examine(*(Examined(shop.urls[service]) for service in services))

    assert [shop.fault(service) for service in (PRODUCT, RECOMMENDATIONS)] == [None, None]
    assert shop.circuit()["control"] == "automatic"


def test_control_room_keeps_to_its_document(shop: Shop, room: str) -> None:
    """So does the control room, whose levers say 502 where a service is missing; it leaves the shop healthy."""
    examine(Examined(room, (*SICK, *NOT_THE_STREAM)))

    assert [shop.fault(service) for service in (PRODUCT, RECOMMENDATIONS)] == [None, None]


def test_gateways_without_services_keep_to_their_documents(gateways_alone: list[str]) -> None:
    """Where a 5xx is due, it is one that the document names, and 503 says when to try again."""
    examine(*(Examined(address, (*SICK, "--phases", "coverage")) for address in gateways_alone))


def test_stream_is_one_of_events(shop: Shop, room: str) -> None:  # noqa: ARG001 - of this shop
    """GET /events answers as the document says, as far as an endless answer can."""
    with requests.get(f"{room}/events", stream=True, timeout=20) as answer:
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/event-stream")
