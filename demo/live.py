"""`run_demo.py live`: the shop, a Locust for each gateway, and the control room that has the levers."""

import os
import secrets
import signal
import sys
import webbrowser
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from demo.engines import Engine
from experiment.errors import DemoError, UsageError
from experiment.paths import ROOT
from experiment.services import CONTROL_ROOM, HOST, LIVE, urls

ANY_HOST = "0.0.0.0"  # noqa: S104 - only if the user asks for it
LOGS = ROOT / "results" / "logs"


def live(engine: Engine, *, browser: bool) -> int:
    """Run all of it until Ctrl-C; the services' logs are in results/logs.

    Raises:
        UsageError: LISTEN_HOST can't be used.
    """
    addresses = page_addresses(os.environ, engine.name)
    own_token = not os.environ.get("OPERATOR_TOKEN")
    if own_token:  # both sides need the same, and the page then has its buttons
        os.environ["OPERATOR_TOKEN"] = secrets.token_urlsafe(16)
    os.environ.setdefault("SIMULATE_FAILURE", "false")  # the story begins healthy, on Compose as well
    with engine.running(LIVE, LOGS):
        for service in LIVE:
            print(f"{service.name:<24} {urls()[service]}", flush=True)
        if own_token:
            print(f"For the curl lines:      export OPERATOR_TOKEN={os.environ['OPERATOR_TOKEN']}", flush=True)
        for others in addresses.of_students:
            print(f"For the students:        {others}", flush=True)
        print(f"Open {addresses.of_teacher} in a browser. Ctrl-C stops everything.", flush=True)
        if browser and _has_screen():
            webbrowser.open(addresses.of_teacher)
        _stay(engine)
    return 0


class PageAddresses(NamedTuple):
    """Where the page is; the teacher's address has the token, which a browser sends nowhere by itself."""

    of_teacher: str
    of_students: Sequence[str] = ()


def page_addresses(environment: Mapping[str, str], engine: str = "local") -> PageAddresses:
    """Return where the page will be.

    Raises:
        UsageError: others are let in, and the settings that this needs are not there.
    """
    page = urls(environment)[CONTROL_ROOM]
    token = environment.get("CONTROL_ROOM_TOKEN")
    of_teacher = f"{page}/#token={token}" if token else page
    host = environment.get("LISTEN_HOST") or HOST
    if host == HOST:
        return PageAddresses(of_teacher)
    if engine != "local":
        raise UsageError(f"LISTEN_HOST={host}: containers are published on {HOST} only; leave out --engine {engine}")
    names = [name.strip() for name in environment.get("CONTROL_ROOM_HOSTS", "").split(",") if name.strip()]
    if host != ANY_HOST or not names or not token:
        raise UsageError(
            f"LISTEN_HOST={host} needs more: LISTEN_HOST={ANY_HOST} CONTROL_ROOM_HOSTS=<name or address that the "
            "students type> CONTROL_ROOM_TOKEN=<a secret of yours> python3 run_demo.py live"
        )
    return PageAddresses(of_teacher, [page.replace(HOST, name) for name in names])


def _stay(engine: Engine) -> None:
    """A service that dies is something to look at, on the page: the others stay until Ctrl-C."""
    try:
        engine.wait()
    except DemoError as end:
        print(f"{end}\nThe others run on. Ctrl-C stops them.", file=sys.stderr, flush=True)
        signal.pause()


def _has_screen() -> bool:
    """Without one, `webbrowser` would open a text browser in this terminal."""
    return sys.platform == "darwin" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
