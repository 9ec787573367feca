"""`run_demo.py live`: the shop, a Locust for each gateway, and the control room that has the levers."""

import os
import secrets
import shlex
import signal
import sys
import webbrowser

from demo.engines import Engine
from experiment.errors import DemoError
from experiment.paths import ROOT
from experiment.services import CONTROL_ROOM, LIVE, urls

LOGS = ROOT / "results" / "logs"


def live(engine: Engine, *, browser: bool) -> int:
    """Run all of it until Ctrl-C; the services' logs are in results/logs."""
    in_use = engine.settings_in_use()
    given_token = os.environ.get("OPERATOR_TOKEN")
    if not given_token:  # gateway and control room need the same: the running ones' own, or a new one
        os.environ["OPERATOR_TOKEN"] = in_use.get("OPERATOR_TOKEN", secrets.token_urlsafe(16))
    # the story begins healthy, on Compose as well, unless it has begun
    os.environ.setdefault("SIMULATE_FAILURE", in_use.get("SIMULATE_FAILURE", "false"))
    with engine.running(LIVE, LOGS):
        for service in LIVE:
            print(f"{service.name:<24} {urls()[service]}", flush=True)
        if not given_token:
            print(_about_token(os.environ["OPERATOR_TOKEN"]), flush=True)
        print(f"Open {urls()[CONTROL_ROOM]} in a browser. Ctrl-C stops everything.", flush=True)
        if browser and _has_screen():
            webbrowser.open(urls()[CONTROL_ROOM])
        _stay(engine)
    return 0


def _about_token(token: str) -> str:
    if not token:
        return "The running stack has no OPERATOR_TOKEN: its circuit can't be forced."
    return f"For the curl lines:      export OPERATOR_TOKEN={shlex.quote(token)}"


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
