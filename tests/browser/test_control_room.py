"""The control room's page, in a real browser, on the shop as `run_demo.py live` starts it."""

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
import urllib3
from playwright.sync_api import Browser, Page, expect

from control_room.exposition import Reading, read
from support.browser import PHONE, NewPage, accessibility_problems
from support.demo import PORT_SETTINGS, copy_of_the_project
from support.live import OPERATOR, Live, own_room, running_live
from support.tour import SOON_MS, STORY_MS, walk_the_tour

PollUntil = Callable[..., None]
GATEWAYS = {"v1": "API_GATEWAY_V1", "v2": "API_GATEWAY_V2"}


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory, free_ports: Callable[[int], list[int]]) -> Iterator[Live]:
    """Everything, with times that are short enough to wait for."""
    ports = dict(zip(PORT_SETTINGS, map(str, free_ports(len(PORT_SETTINGS))), strict=True))
    with running_live(copy_of_the_project(tmp_path_factory.mktemp("live") / "checkout"), ports) as live:
        yield live


@pytest.fixture
def page(live: Live, new_page: NewPage) -> Page:
    """The page of a calm shop, connected."""
    live.calm()
    page = new_page(live.room)
    page.goto(live.room)
    expect(page.locator("#stream")).to_have_attribute("data-state", "live", timeout=SOON_MS)
    return page


def readings(live: Live) -> dict[str, Reading]:
    """Return what /metrics of both gateways says now."""
    return {name: read(requests.get(f"{live.url(url)}/metrics", timeout=5).text) for name, url in GATEWAYS.items()}


def shown(page: Page, gateway: str, outcome: str) -> int:
    """Return how many answers with this outcome the page shows for the last minute."""
    return int(page.locator(f"#{gateway} [data-outcome={outcome}] dd").inner_text().replace(",", ""))


def test_page_shows_what_metrics_say(live: Live, page: Page, poll_until: PollUntil) -> None:
    """Counts, threads and the circuit are those of /metrics and /circuit-status at the same moment."""
    before = readings(live)
    shown_before = {name: {o: shown(page, name, o) for o in ("full", "degraded", "failed")} for name in GATEWAYS}
    live.press("circuit", {"mode": "open"})
    for url in GATEWAYS.values():
        for path in ("/product-details/1", "/product-details/2", "/products/3", "/products/3", "/products/0"):
            requests.get(live.url(url) + path, timeout=5)
    after = readings(live)

    for name in GATEWAYS:
        first, last = before[name], after[name]
        grown = {o: round(getattr(last, o) - getattr(first, o)) for o in ("full", "degraded", "failed")}
        assert grown == (
            {"full": 2, "degraded": 2, "failed": 1} if name == "v2" else {"full": 4, "degraded": 0, "failed": 1}
        )
        expected = {o: shown_before[name][o] + grown[o] for o in grown}
        poll_until(lambda n=name, e=expected: {o: shown(page, n, o) for o in e} == e)
        expect(page.locator(f"#{name} .threads-says")).to_have_text(f"{last.in_flight} of {last.threads} threads busy")
    circuit = live.circuit()
    expect(page.locator("#circuit")).to_have_attribute("aria-label", f"The circuit is {circuit['state']}, forced open")
    expect(page.locator("#slots i")).to_have_count(circuit["bulkhead"]["max_concurrent"])
    expect(page.locator("#transitions li").first).to_contain_text(circuit["transitions"][-1]["why"])
    expect(page.locator("#open-small")).to_have_text("forced by hand")


def test_tour_end_to_end(live: Live, page: Page) -> None:
    """Each of the six steps happens, and is marked; no request to v2 fails meanwhile."""
    failed_before = readings(live)["v2"].failed
    walk_the_tour(page)
    assert readings(live)["v2"].failed == failed_before
    for mark in ("✕ hang, 30 s", "✓ healed"):
        expect(page.locator("#v1 .timeline")).to_contain_text(mark)
    expect(page.locator("#v2 .timeline")).to_contain_text("CLOSED")


def test_try_it_yourself_shows_both_stopwatches(live: Live, page: Page) -> None:
    """While recommendations hang, v2's answer is there and v1's stopwatch runs on, until its failure arrives."""
    live.press("fault", {"kind": "hang", "delay_s": 30})
    page.locator("#try").click()
    expect(page.locator("#v2 .yours")).to_have_attribute("data-tone", "degraded", timeout=SOON_MS)
    expect(page.locator("#v1 .yours-says")).to_have_text("is waiting for its answer")
    expect(page.locator("#v1 .yours")).to_have_attribute("data-tone", "bad", timeout=SOON_MS)
    expect(page.locator("#v1 .yours-says")).to_contain_text("failed: 500 Failed to get recommendations")


def test_curl_lines_do_what_the_levers_do(live: Live, page: Page, poll_until: PollUntil) -> None:
    """Each line, copied into a shell, does the same; the operator's token is not in it."""

    def by_hand() -> None:
        line = page.locator("#curl").inner_text()
        assert OPERATOR not in line
        environment = os.environ | {"OPERATOR_TOKEN": OPERATOR}
        subprocess.run(["bash", "-ec", line], env=environment, check=True, capture_output=True, timeout=20)  # noqa: S603, S607

    page.locator("#fault-kind").select_option("error")
    by_hand()
    assert live.fault() == {"rate": 1.0, "kind": "error", "status": 503}
    expect(page.locator("#sick")).to_have_text("error 503", timeout=SOON_MS)
    page.locator("#heal").click()
    live.press("fault", {"kind": "malformed"})
    by_hand()
    assert live.fault() is None
    page.locator('[data-mode="open"]').click()
    expect(page.locator("#control-now")).to_have_text("forced open", timeout=SOON_MS)
    live.press("circuit", {"mode": "automatic"})
    by_hand()
    assert live.circuit()["control"] == "forced open"
    page.locator("#load-users").fill("10")
    by_hand()
    poll_until(lambda: live.users("LOAD_V1") == live.users("LOAD_V2") == 10, within_s=15)
    expect(page.locator("#load-now")).to_have_text("v1: 10, v2: 10 users", timeout=SOON_MS)
    page.locator("#load-users").fill("0")
    by_hand()
    poll_until(lambda: live.users("LOAD_V1") == live.users("LOAD_V2") == 0, within_s=15)


@pytest.mark.usefixtures("steady_networks")
def test_refusal_is_shown(live: Live, chromium: Browser) -> None:
    """What a service refuses is said where the lever is."""
    page = chromium.new_page()
    try:
        page.goto(live.room)
        page.evaluate("document.getElementById('fault-strength').max = 9999")
        page.locator("#fault-strength").fill("5000")
        page.get_by_role("button", name="Break it").click()
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


@pytest.mark.usefixtures("steady_networks")
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
  fetch(room + "/api/fault", { ...json, body: '{"kind": "error"}' }),
  fetch(room + "/api/fault", { method: "POST", mode: "no-cors", body: '{"kind": "error"}' }),
  fetch(room + "/api/load", { ...json, body: '{"gateway": "both", "users": 50}' }),
  fetch(load + "/swarm", { method: "POST", mode: "no-cors", body: new URLSearchParams("user_count=50&spawn_rate=50") }),
  fetch(room + "/events"),
];
document.getElementById("form").action = room + "/api/fault";
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


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desktop", "phone"])
def test_everyone_can_use_it(live: Live, page: Page, viewport: dict[str, int] | None) -> None:
    """Axe finds nothing, in light and dark, on a broken v1 and a forced circuit, with the tour; nothing sticks out."""
    live.press("fault", {"kind": "error", "status": 500})
    live.press("load", {"gateway": "both", "users": 10})
    live.press("circuit", {"mode": "open"})
    if viewport:
        page.set_viewport_size(PHONE)
    expect(page.locator("#v1")).to_have_attribute("data-tone", "bad", timeout=SOON_MS)
    assert accessibility_problems(page) == []
    page.get_by_role("button", name="Guided tour").click()
    assert accessibility_problems(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_levers_work_from_the_keyboard(live: Live, page: Page, poll_until: PollUntil) -> None:
    """Tab and Enter are enough to break the shop, and focus stays where it was while pictures come."""
    page.locator("#fault-strength").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    poll_until(lambda: live.fault() is not None)
    expect(page.locator("#sick")).to_have_text("hang, 30 s", timeout=SOON_MS)
    assert page.evaluate("document.activeElement.textContent") == "Break it"


def test_ten_browsers_ask_the_gateways_no_more_than_one(live: Live, page: Page) -> None:
    """However many listen, the control room asks once: v2 is asked for its circuit some four times a second."""

    def asked() -> float:
        text = requests.get(f"{live.url('API_GATEWAY_V2')}/metrics", timeout=5).text
        return sum(
            float(line.split()[-1])
            for line in text.splitlines()
            if 'total{method="GET",route="/circuit-status"' in line
        )

    def listen() -> int:
        with requests.get(f"{live.room}/events", stream=True, timeout=10) as events:
            lines = events.iter_lines()
            return sum(
                1 for line, _ in zip((one for one in lines if one.startswith(b"data: {")), range(13), strict=False)
            )

    before = asked()
    with ThreadPoolExecutor(10) as tabs:
        heard = list(tabs.map(lambda _: listen(), range(10)))
    assert min(heard) >= 13, "the facts, and three seconds of pictures"
    assert asked() - before <= 30, (
        "three seconds of one room's questions, and room for a slow machine; ten would be 120"
    )
    expect(page.locator("#listeners")).to_be_empty(timeout=SOON_MS)


def test_ten_tabs_of_one_browser_share_a_stream(live: Live, page: Page) -> None:
    """Ten tabs are live at once, though a browser opens six connections at most, and the levers of each work."""
    tabs = [page.context.new_page() for _ in range(9)]
    for tab in tabs:
        tab.goto(live.room)
    for tab in tabs:
        expect(tab.locator("#stream")).to_have_attribute("data-state", "live", timeout=SOON_MS)
    tabs[-1].get_by_role("button", name="Break it").click()
    for tab in (page, *tabs):
        expect(tab.locator("#sick")).to_have_text("hang, 30 s", timeout=SOON_MS)
    expect(page.locator("#listeners")).to_be_empty()
    assert page.request.get(f"{live.room}/ready").ok


FAKE_STREAM = """delete window.SharedWorker;
window.EventSource = class extends EventTarget {
  static CLOSED = 2;
  constructor() { super(); this.readyState = 1; window.stream = this; }
};"""
FEED = """async ([text, from, count]) => {
  for (let i = from; i < from + count; i += 1) {
    const picture = JSON.parse(text);
    picture.now += i / 4;
    for (const gateway of Object.values(picture.gateways)) {
      gateway.series = gateway.series.map((_, n) => [(i + n) % 60, n % 20, i % 3, 2 + (n % 9), 20 + (i % 80), false]);
      Object.assign(gateway, { rate: i % 70, busy: i % 64 });
    }
    const last = picture.now - (i % 8);
    const changes = [2, 1, 0].map((ago) => ({ at: last - ago, from: "CLOSED", to: "OPEN", why: `${i}` }));
    Object.assign(picture.circuit, { state: ["CLOSED", "OPEN", "HALF-OPEN"][i % 3], transitions: changes });
    picture.marks = changes.map(({ at }) => ({ at, kind: "fault", text: `hang ${i}`, gateways: ["v1", "v2"] }));
    window.stream.onmessage({ data: JSON.stringify(picture) });
    if (i % 40 === 0) await new Promise((resolve) => setTimeout(resolve));
  }
}"""
WARM, QUARTER_OF_AN_HOUR = 400, 3600  # pictures, four a second
GROWN_AT_MOST = 1.1


def test_page_does_not_grow(live: Live, new_page: NewPage, page: Page) -> None:
    """A quarter of an hour of pictures, given in seconds, leaves the heap and the document as large as they were."""
    with requests.get(f"{live.room}/events", stream=True, timeout=10) as events:
        picture = next(line[6:].decode() for line in events.iter_lines() if line.startswith(b'data: {"now"'))
    page = new_page(live.room)
    page.add_init_script(FAKE_STREAM)
    page.goto(live.room)
    page.wait_for_function("Boolean(window.stream?.onmessage)")
    devtools = page.context.new_cdp_session(page)

    def size() -> tuple[int, int]:
        devtools.send("HeapProfiler.collectGarbage")
        elements: int = page.evaluate("document.getElementsByTagName('*').length")
        return devtools.send("Runtime.getHeapUsage")["usedSize"], elements

    page.evaluate(FEED, [picture, 0, WARM])
    heap_before, elements_before = size()
    page.evaluate(FEED, [picture, WARM, QUARTER_OF_AN_HOUR])
    heap_after, elements_after = size()
    assert elements_after == elements_before
    assert heap_after < heap_before * GROWN_AT_MOST
