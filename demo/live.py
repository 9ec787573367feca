"""`run_demo.py live`: the shop, a Locust for each gateway, and the control room."""

import os
import secrets
import shlex
import signal
import sys
import webbrowser

from demo.engines import Engine
from demo.one_run import only_run
from demo.page_addresses import page_addresses
from experiment.errors import DemoError
from experiment.paths import ROOT
from experiment.services import LIVE, settings_given, urls
from storm.live import live_services

RESULTS = ROOT / "results"
LOGS = RESULTS / "logs"


def live(engine: Engine, *, storm: bool, browser: bool) -> int:
    """Run everything until Ctrl-C; the services log to results/logs.

    Raises:
        UsageError: LISTEN_HOST can't be used.
    """
    settings = settings_given()
    page, in_use = page_addresses(settings, engine.name), engine.settings_in_use()
    given_token = settings.get("OPERATOR_TOKEN")
    if not given_token:  # v2 and the control room need the same token: the running ones' own, or a new one
        os.environ["OPERATOR_TOKEN"] = in_use.get("OPERATOR_TOKEN", secrets.token_urlsafe(16))
    if "SIMULATE_FAILURE" not in settings:  # the story begins healthy, on Compose as well, unless it has begun
        os.environ["SIMULATE_FAILURE"] = in_use.get("SIMULATE_FAILURE", "false")
    services = live_services(settings) if storm else LIVE
    with only_run(RESULTS), engine.running(services, LOGS):
        for service, url in urls(services, settings).items():
            print(f"{service.name:<24} {url}", flush=True)
        if not given_token:
            print(_about_token(os.environ["OPERATOR_TOKEN"]), flush=True)
        for address in page.of_students:
            print(f"For the students:        {address}", flush=True)
        print(f"Open {page.of_teacher} in a browser. Ctrl-C stops everything.", flush=True)
        if browser and _has_screen():
            webbrowser.open(page.of_teacher)
        _stay(engine)
    return 0


def _about_token(token: str) -> str:
    if not token:
        return "The running stack has no OPERATOR_TOKEN: its circuit can't be forced."
    return f"For the curl commands:   export OPERATOR_TOKEN={shlex.quote(token)}"


def _stay(engine: Engine) -> None:
    """Wait for Ctrl-C, even if a service ends: the page then shows the shop without it."""
    try:
        engine.wait()
    except DemoError as end:
        print(f"{end}\nThe others keep running. Ctrl-C stops them.", file=sys.stderr, flush=True)
        signal.pause()


def _has_screen() -> bool:
    """Return whether there is a screen: without one, `webbrowser` would open a text browser in this terminal."""
    return sys.platform == "darwin" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
