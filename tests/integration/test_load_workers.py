"""The load on several Locust workers."""

import json
import re
import socket
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from experiment.errors import EnvironmentProblem
from experiment.paths import ROOT
from experiment.phases import Phase
from experiment.plan import Closed, Open, Plan, Workers
from experiment.processes import ProcessGroup, Supervisor, user_environment
from experiment.run.generator import Generator
from load.outcomes import Outcome
from load.request_log import RequestLog
from support.kubernetes import environment_of

PollUntil = Callable[..., None]
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


def read(log: RequestLog) -> RequestLog:
    """Return the log as it is now."""
    log.read_more()
    return log


def test_workers_make_visits_of_their_own(shop: Shop, tmp_path: Path, poll_until: PollUntil) -> None:
    """Workers of one load look at different pages, no two of their requests have the same id, and one log has all."""
    command = [
        *(sys.executable, "-m", "locust", "-f", str(ROOT / "locustfile.py"), "--host", shop.url, "--headless"),
        *("--processes", "2", "--users", "8", "--spawn-rate", "8", "--pause", "0.1", "0.2"),
        *("--run-time", "60s", "--stop-timeout", "5", "--request-log", str(tmp_path / "requests.log")),
    ]
    with Supervisor() as processes:
        processes.start("locust", command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        poll_until(lambda: [len(pages) > 9 for pages in pages_of_workers(list(shop.visits)).values()] == [True, True])
        log = RequestLog(tmp_path / "requests.log")
        poll_until(lambda: {request.worker for request in read(log).requests.values()} == {0, 1})

    assert max(Counter(name for name, _ in shop.visits).values()) == 1
    pages = pages_of_workers(shop.visits)
    assert set(pages) == {0, 1}
    assert len(pages[0] & pages[1]) < len(pages[0]) / 2


@pytest.fixture
def generate(shop: Shop, tmp_path: Path) -> Iterator[Callable[..., Generator]]:
    """Return a function that makes a generator with workers."""
    made: list[Generator] = []

    def make(load: Closed | Open, workers: Workers, lasts_s: float = 60.0) -> Generator:
        plan = Plan({Phase.FAULT: lasts_s}, load, 1, workers=workers)
        made.append(Generator(shop.url, plan, request_log=tmp_path / "requests.log"))
        return made[-1]

    yield make
    for generator in made:
        generator.stop()


def test_load_of_workers_is_accounted_for_to_the_request(
    shop: Shop, generate: Callable[..., Generator], poll_until: PollUntil
) -> None:
    """A load that is ended while it runs leaves a complete log: every request that the shop got is in it, once."""
    load = generate(Closed(8, pause_s=(0.0, 0.1)), Workers(2))
    load.wait_until_ready()
    begun_at = load.begin()
    poll_until(lambda: all(read(load.log).requests.count_of(worker) > 50 for worker in (0, 1)))
    load.stop()
    requests = read(load.log).requests
    load.check_complete()

    asked = Counter(int(name.removeprefix("load-")) for name, _ in shop.visits)
    assert max(asked.values()) == 1
    assert asked.keys() <= requests.keys()
    abandoned = {number for number, request in requests.items() if request.outcome is Outcome.UNANSWERED}
    assert requests.keys() - asked.keys() <= abandoned
    assert len(abandoned) <= 8
    assert all(begun_at - 0.01 < request.intended_at for request in requests.values())
    assert [abs(state.clock.ahead_s) <= state.clock.error_s for state in load.log.workers.values()] == [True, True]


@pytest.mark.slow
def test_workers_share_the_arrivals(generate: Callable[..., Generator], poll_until: PollUntil) -> None:
    """Three workers make the arrivals of one schedule's rate, and stop when it is over."""
    load = generate(Open(90.0), Workers(3), lasts_s=4.0)
    load.wait_until_ready()
    begun_at = load.begin()
    poll_until(lambda: any(r.intended_at - begun_at > 3.5 for r in read(load.log).requests.values()), within_s=30)
    load.stop()

    counts = [read(load.log).requests.count_of(worker) for worker in range(3)]
    assert 250 < sum(counts) < 470, "90/s for 4 s make 360, give or take 19"
    assert min(counts) > 70
    assert max(r.intended_at for r in load.log.requests.values()) - begun_at < 4.1


@pytest.mark.slow
def test_workers_share_the_ramp(generate: Callable[..., Generator], poll_until: PollUntil) -> None:
    """With a ramp of two a second, at most two users of both workers ask for something in the first second."""
    load = generate(Closed(12, ramp_per_s=2), Workers(2))
    load.wait_until_ready()
    begun_at = load.begin()
    poll_until(lambda: len(read(load.log).requests) > 4)
    load.stop()

    assert sum(request.intended_at - begun_at < 1 for request in read(load.log).requests.values()) <= 2


def test_worker_that_dies_ends_the_load(generate: Callable[..., Generator], poll_until: PollUntil) -> None:
    """The error says in one line which worker has ended."""
    load = generate(Closed(4), Workers(2))
    load.wait_until_ready()
    load.begin()
    load._workers[1].popen.kill()

    with pytest.raises(EnvironmentProblem, match=r"^the load failed: worker 2 of 2 has ended: [^\n]*$"):
        poll_until(load.check)


# A worker whose monotonic clock is an hour ahead, as one on another machine can be.
ON_ANOTHER_CLOCK = """
import sys, time
here = time.monotonic
time.monotonic = lambda: here() + 3600.0
from locust.main import main
sys.exit(main())
"""


class Elsewhere:
    """Starts workers as somebody does on another machine."""

    def __init__(self, processes: Supervisor, port: int) -> None:
        self._processes = processes
        self._port = port

    def join(self, *python: str) -> ProcessGroup:
        """Start a worker; `python` is how Python is to run Locust."""
        locust = ["-f", "locustfile.py,load/arrivals.py", "--worker", "--master-port", str(self._port)]
        command = [sys.executable, *(python or ("-m", "locust")), *locust]
        return self._processes.start("worker", command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.fixture
def elsewhere(free_ports: Callable[[int], list[int]]) -> Iterator[Elsewhere]:
    """Return where workers are started that the generator does not start."""
    with Supervisor() as processes:
        yield Elsewhere(processes, free_ports(1)[0])


@pytest.mark.slow
def test_requests_of_another_clock_are_on_ours(
    generate: Callable[..., Generator], elsewhere: Elsewhere, poll_until: PollUntil
) -> None:
    """The requests of a worker whose clock is an hour ahead have the times of this machine, to the stated error."""
    load = generate(Closed(4, pause_s=(0.0, 0.1)), Workers(2, elsewhere._port))
    elsewhere.join()
    elsewhere.join("-c", ON_ANOTHER_CLOCK)
    load.wait_until_ready()
    begun_at = load.begin()
    poll_until(lambda: all(read(load.log).requests.count_of(worker) > 20 for worker in (0, 1)))
    load.stop()
    ended_at = time.monotonic()
    workers, requests = read(load.log).workers, load.log.requests
    load.check_complete()

    ahead_s = sorted(state.clock.ahead_s for state in workers.values())
    assert ahead_s == pytest.approx([0.0, 3600.0], abs=max(state.clock.error_s for state in workers.values()))
    assert all(begun_at - 0.1 < request.intended_at < ended_at for request in requests.values())


@pytest.mark.slow
def test_worker_from_elsewhere_that_is_gone_ends_the_load(
    generate: Callable[..., Generator], elsewhere: Elsewhere, poll_until: PollUntil
) -> None:
    """A worker that gives no sign of life any more is missed after some seconds; one line names it and its machine."""
    load = generate(Closed(4), Workers(2, elsewhere._port))
    joined = [elsewhere.join(), elsewhere.join()]
    load.wait_until_ready()
    load.begin()
    joined[0].popen.kill()

    with pytest.raises(EnvironmentProblem, match=rf"failed: worker [12] of 2, on {socket.gethostname()}, is gone$"):
        poll_until(load.check, within_s=30)


def test_one_worker_too_many_ends_the_load(
    generate: Callable[..., Generator], elsewhere: Elsewhere, poll_until: PollUntil
) -> None:
    """A worker that nobody expects would take a part of the load in its middle: the load ends with one line."""
    load = generate(Closed(4), Workers(1, elsewhere._port))
    elsewhere.join()
    load.wait_until_ready()
    load.begin()
    elsewhere.join()

    with pytest.raises(EnvironmentProblem, match=r"failed: a worker has connected beyond the 1 expected$"):
        poll_until(load.check, within_s=30)


# A worker whose tenth message with requests gets lost.
WITH_A_LOSS = """
import sys
from locust.main import main
from locust.rpc.zmqrpc import Client
send = Client.send
def send_but_one(self, message):
    if message.type != "requests" or message.data["batch"] != 10:
        send(self, message)
Client.send = send_but_one
sys.exit(main())
"""


@pytest.mark.slow
def test_requests_that_are_lost_on_the_way_end_the_load(
    generate: Callable[..., Generator], elsewhere: Elsewhere, poll_until: PollUntil
) -> None:
    """The master notices that a part of a worker's log never came, and names the worker."""
    load = generate(Closed(4), Workers(1, elsewhere._port))
    elsewhere.join("-c", WITH_A_LOSS)
    load.wait_until_ready()
    load.begin()

    with pytest.raises(EnvironmentProblem, match=rf"requests of worker 1 of 1, on {socket.gethostname()}, are lost$"):
        poll_until(load.check, within_s=30)


@pytest.mark.slow
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
