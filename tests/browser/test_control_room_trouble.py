"""The control room when things go wrong: services that refuse, hang or are gone, and pages that mean harm."""

import signal
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
import urllib3
from playwright.sync_api import Browser, Page, expect

from support.browser import NewPage
from support.live import GATEWAYS, Live, own_room
from support.tour import SOON_MS, STORY_MS

pytestmark = pytest.mark.slow

PollUntil = Callable[..., None]


def test_refusal_is_shown(live: Live, chromium: Browser) -> None:
    """What a service refuses is said where the lever is."""
    page = chromium.new_page()
    try:
        page.goto(live.room)
        page.locator("[name=delay_s]").evaluate("input => { input.max = 9999 }")
        page.locator("[name=delay_s]").fill("5000")
        page.get_by_role("button", name="Inject").click()
        expect(page.locator("#said")).to_contain_text("recommendations-service refuses: not a fault", timeout=SOON_MS)
    finally:
        page.close()


def test_gateway_that_hangs_is_shown_and_the_other_goes_on(live: Live, page: Page) -> None:
    """A stopped v1 gives no answer, and the time since then runs; v2 is shown as before; then v1 is back."""
    processes = live.processes("API_GATEWAY_V1")
    for process in processes:
        process.send_signal(signal.SIGSTOP)
    try:
        expect(page.locator("#v1 .verdict")).to_contain_text("No answer last heard", timeout=SOON_MS)
        expect(page.locator("#v2 .verdict")).to_contain_text("Idle")
        expect(page.locator("#stream")).to_have_attribute("data-state", "live")
        expect(page.locator("#v1 .verdict")).to_contain_text("3 s ago", timeout=SOON_MS)
    finally:
        for process in processes:
            process.send_signal(signal.SIGCONT)
    expect(page.locator("#v1 .verdict")).to_contain_text("Idle", timeout=SOON_MS)


def test_gateway_that_is_down_is_shown(new_page: NewPage, free_ports: Callable[[int], list[int]]) -> None:
    """With nobody at any address, each part says so, and nothing pretends to load."""
    port, nobody = free_ports(2)
    everyone = ("RECOMMENDATIONS_SERVICE", "API_GATEWAY_V1", "API_GATEWAY_V2", "LOAD_V1", "LOAD_V2")
    with own_room(port, **{f"{name}_URL": f"http://127.0.0.1:{nobody}" for name in everyone}):
        url = f"http://127.0.0.1:{port}"
        wait_for(url)
        page = new_page(url)
        page.goto(url)
        for name in GATEWAYS:
            expect(page.locator(f"#{name} .verdict")).to_contain_text("Down it takes no connection", timeout=SOON_MS)
            expect(page.locator(f"#{name} .users")).to_have_text("its load does not answer")
        expect(page.locator("#sick")).to_have_text("not answering")
        expect(page.locator("#no-operator")).to_be_visible()
        expect(page.locator("body")).not_to_contain_text("oading")
        page.goto("about:blank")


def test_page_connects_again_by_itself(live: Live, chromium: Browser, free_ports: Callable[[int], list[int]]) -> None:
    """When the control room goes, the page says that it is old; when it is back, the page is live again."""
    port = free_ports(1)[0]
    url = f"http://127.0.0.1:{port}"
    settings = {f"{name}_URL": live.url(name) for name in GATEWAYS.values()}
    page = chromium.new_page()
    try:
        with own_room(port, **settings):
            wait_for(url)
            page.goto(url)
            expect(page.locator("#v1 .verdict")).to_contain_text("Idle", timeout=SOON_MS)
        expect(page.locator("#stale")).to_contain_text("What you see is old", timeout=SOON_MS)
        with own_room(port, **settings):
            expect(page.locator("#stream")).to_have_attribute("data-state", "live", timeout=STORY_MS)
            expect(page.locator("#stale")).to_be_hidden()
            expect(page.locator("#v1 .verdict")).to_contain_text("Idle", timeout=SOON_MS)
    finally:
        page.close()


def wait_for(url: str) -> None:
    """Return when the service answers."""
    assert (
        urllib3.PoolManager(retries=urllib3.Retry(8, backoff_factor=0.1)).request("GET", f"{url}/ready").status == 200
    )


ATTACK = """<!doctype html><title>hostile</title><form id="form" method="post" enctype="text/plain" target="frame">
<input name='{"kind": "error", "a": "' value='"}'></form><iframe name="frame"></iframe><script>
const [room, load] = new URLSearchParams(location.search).getAll("target");
const json = { method: "POST", headers: { "Content-Type": "application/json" } };
const tries = [
  fetch(room + "/api/fault/recommendations", { ...json, body: '{"kind": "error"}' }),
  fetch(room + "/api/fault/recommendations", { method: "POST", mode: "no-cors", body: '{"kind": "error"}' }),
  fetch(room + "/api/load", { ...json, body: '{"gateway": "both", "users": 50}' }),
  fetch(load + "/swarm", { method: "POST", mode: "no-cors", body: new URLSearchParams("user_count=50&spawn_rate=50") }),
  fetch(room + "/events"),
];
document.getElementById("form").action = room + "/api/fault/recommendations";
document.getElementById("form").submit();
Promise.allSettled(tries).then((results) => { window.results = results.map((r) => r.value?.type ?? "blocked"); });
</script>"""


@pytest.fixture
def hostile() -> Iterator[str]:
    """Return the address of a page of another origin that presses buttons wherever it can."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(ATTACK.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_hostile_page_presses_nothing(live: Live, chromium: Browser, hostile: str, page: Page) -> None:
    """Neither fetch, with or without CORS, nor a form of another origin reaches a lever, nor Locust's own."""
    attacker = chromium.new_page()
    try:
        attacker.goto(f"{hostile}/?target={live.room}&target={live.url('LOAD_V1')}")
        attacker.wait_for_function("window.results")
        assert attacker.evaluate("window.results") == ["blocked", "blocked", "blocked", "opaque", "blocked"]
    finally:
        attacker.close()
    assert live.fault() is None
    assert live.users("LOAD_V1") == live.users("LOAD_V2") == 0
    expect(page.locator("#sick")).to_have_text("healthy")


def test_rebound_name_reaches_nothing(live: Live) -> None:
    """A name that was made to lead to this machine is refused, by the control room and by Locust."""
    for service in ("CONTROL_ROOM", "LOAD_V1"):
        port = live.ports[f"{service}_PORT"]
        headers = {"Host": f"evil.example:{port}", "Origin": f"http://evil.example:{port}"}
        assert requests.get(live.url(service), headers=headers, timeout=5).status_code == 403
    headers = {"Host": "evil.example"}
    assert requests.post(f"{live.url('LOAD_V1')}/stop", headers=headers, timeout=5).status_code == 403


def test_link_opens_a_page_and_a_frame_does_not(live: Live) -> None:
    """A link on another site leads to the control room and to Locust; a frame there, which invites clicks, does not."""
    for service in ("CONTROL_ROOM", "LOAD_V1"):
        for where, status in (("document", 200), ("iframe", 403)):
            headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": where}
            assert requests.get(live.url(service), headers=headers, timeout=5).status_code == status
