"""The load on several Locust workers."""

import json
import re
import subprocess
import sys
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from experiment.paths import ROOT
from experiment.processes import Supervisor, user_environment
from support.kubernetes import environment_of

PRODUCTS = range(1, 1000)


class Shop(ThreadingHTTPServer):
    """A shop that remembers which request asked for which page."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Visit)
        self.visits: list[tuple[str, str]] = []

    @property
    def url(self) -> str:
        """Return its address."""
        return f"http://127.0.0.1:{self.server_port}"


class _Visit(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Shop

    def do_GET(self) -> None:
        """List the products, or note a visit."""
        body = b"{}"
        if self.path == "/products":
            body = b"[%s]" % b",".join(b'{"id": %d}' % number for number in PRODUCTS)
        else:
            self.server.visits.append((self.headers["X-Request-ID"], self.path))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Write no log."""


@pytest.fixture
def shop() -> Iterator[Shop]:
    """Run the shop."""
    with Shop() as shop:
        threading.Thread(target=shop.serve_forever, daemon=True).start()
        yield shop
        shop.shutdown()


def pages_of_workers(visits: Iterable[tuple[str, str]]) -> dict[int, set[str]]:
    """Return which pages each worker has looked at."""
    pages = defaultdict(set)
    for name, page in visits:
        pages[int(name.removeprefix("load-")) // 10**9].add(page)
    return pages


def test_workers_make_visits_of_their_own(shop: Shop, tmp_path: Path, poll_until: Callable[..., None]) -> None:
    """Workers of one load look at different pages, and no two of their requests have the same id."""
    command = [
        *(sys.executable, "-m", "locust", "-f", str(ROOT / "locustfile.py"), "--host", shop.url, "--headless"),
        *("--processes", "2", "--users", "8", "--spawn-rate", "8", "--pause", "0.1", "0.2"),
        *("--run-time", "60s", "--stop-timeout", "5", "--request-log", str(tmp_path / "requests.log")),
    ]
    with Supervisor() as processes:
        processes.start("locust", command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        poll_until(lambda: [len(pages) > 9 for pages in pages_of_workers(list(shop.visits)).values()] == [True, True])

    assert max(Counter(name for name, _ in shop.visits).values()) == 1
    pages = pages_of_workers(shop.visits)
    assert set(pages) == {0, 1}
    assert len(pages[0] & pages[1]) < len(pages[0]) / 2
    assert {path.name for path in tmp_path.iterdir()} >= {"requests.log", "requests.log.1"}


def test_jobs_of_kubernetes_make_one_load(shop: Shop, free_ports: Callable[[int], list[int]]) -> None:
    """The image's command becomes master or worker by the environment of its Job, and all end after the run time."""
    (port,) = map(str, free_ports(1))
    here = {
        "LOCUST_MASTER_BIND_HOST": "127.0.0.1",
        "LOCUST_MASTER_BIND_PORT": port,
        "LOCUST_MASTER_NODE_PORT": port,
        "LOCUST_MASTER_NODE_HOST": "127.0.0.1",
        "LOCUST_EXPECT_WORKERS": "2",
        "LOCUST_HOST": shop.url,
        "LOCUST_USERS": "8",
        "LOCUST_RUN_TIME": "4s",
    }
    jobs = ("load", "load-worker", "load-worker")
    command = [sys.executable, "-m", *command_of_the_image()]
    with Supervisor() as processes:
        started = [
            processes.start(
                job, command, cwd=ROOT, env=user_environment() | environment_of(job) | here, stdout=subprocess.DEVNULL
            )
            for job in jobs
        ]
        statuses = [process.popen.wait(60) for process in started]

    assert statuses == [1, 0, 0], "this shop's pages are no pages of a product, so the load has failed"
    assert set(pages_of_workers(list(shop.visits))) == {0, 1}


def command_of_the_image() -> list[str]:
    """Return what the image of the load runs."""
    commands = re.findall(r"^CMD (.*)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [str(word) for word in json.loads(commands[-1])]
