"""The control room's page, in a real browser, on the shop as `run_demo.py live` starts it."""

import os
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice, takewhile

import requests
from playwright.sync_api import Page, expect

from control_room.reading import Reading, outcomes, read
from support.browser import NewPage
from support.live import GATEWAYS, OPERATOR, Live
from support.tour import SOON_MS, STORY_MS, walk_the_tour

PollUntil = Callable[..., None]


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
        last = after[name]
        counted = [outcomes(reading.counters)._asdict() for reading in (before[name], last)]
        grown = {outcome: round(counted[1][outcome] - counted[0][outcome]) for outcome in shown_before[name]}
        assert grown == (
            {"full": 2, "degraded": 2, "failed": 1} if name == "v2" else {"full": 4, "degraded": 0, "failed": 1}
        )
        expected = {o: shown_before[name][o] + grown[o] for o in grown}
        poll_until(lambda n=name, e=expected: {o: shown(page, n, o) for o in e} == e)
        expect(page.locator(f"#{name} .threads-says")).to_have_text(
            f"0 of {last.threads} threads busy", timeout=SOON_MS
        )
    circuit = live.circuit()
    expect(page.locator("#circuit")).to_have_attribute("aria-label", f"The circuit is {circuit['state']}, forced open")
    expect(page.locator("#slots i")).to_have_count(circuit["bulkhead"]["max_concurrent"])
    expect(page.locator("#transitions li").first).to_contain_text(circuit["transitions"][-1]["why"])
    expect(page.locator("#open-small")).to_have_text("forced by hand")
    expect(page.locator("#product-circuit")).to_have_text(circuit["circuits"][1]["state"])


def test_tour_end_to_end(live: Live, page: Page) -> None:
    """Each of the six steps happens, and is marked; no request to v2 fails meanwhile."""
    failed_before = outcomes(readings(live)["v2"].counters).failed
    walk_the_tour(page)
    assert outcomes(readings(live)["v2"].counters).failed == failed_before
    for mark in ("✕ hang, 30 s", "✓ healed"):
        expect(page.locator("#v1 .timeline")).to_contain_text(mark)
    expect(page.locator("#v2 .timeline")).to_contain_text("CLOSED")


def test_try_it_yourself_shows_both_stopwatches(live: Live, page: Page) -> None:
    """While recommendations hang, v2's answer is there and v1's stopwatch runs on, until its failure arrives."""
    live.press("fault/recommendations", {"kind": "hang", "delay_s": 30})
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
    assert live.fault() == {"rate": 1.0, "kind": "error", "status": 500}
    expect(page.locator("#sick")).to_have_text("error 500", timeout=SOON_MS)
    page.locator("#fault-service").select_option("product")
    page.locator("#fault-kind").select_option("capacity")
    page.locator("#fault-fields [name=queue]").fill("5")
    page.get_by_role("button", name="Inject").click()
    expect(page.locator("#product-sick")).to_have_text("capacity 2 x 0.1 s, a queue of 5", timeout=SOON_MS)
    fault = requests.get(f"{live.url('PRODUCT_SERVICE')}/faults", timeout=5).json()["fault"]
    assert (fault["queue"], fault["obeys_deadline"]) == (5, False)
    page.locator("#heal").click()
    expect(page.locator("#product-sick")).to_have_text("healthy", timeout=SOON_MS)
    live.press("fault/recommendations", {"kind": "malformed"})
    by_hand()
    assert live.fault() is None
    page.locator('[data-mode="open"]').click()
    expect(page.locator('[data-mode="open"]')).to_have_attribute("aria-pressed", "true", timeout=SOON_MS)
    live.press("circuit", {"mode": "automatic"})
    by_hand()
    assert live.circuit()["control"] == "forced open"
    page.locator("#load-users").fill("10")
    by_hand()
    poll_until(lambda: live.users("LOAD_V1") == live.users("LOAD_V2") == 10, within_s=15)
    for users in page.locator(".users").all():
        expect(users).to_contain_text("10 users", timeout=SOON_MS)
    page.locator("#load-users").fill("0")
    by_hand()
    poll_until(lambda: live.users("LOAD_V1") == live.users("LOAD_V2") == 0, within_s=15)


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
        gives_up_at = time.monotonic() + STORY_MS / 1000
        with requests.get(f"{live.room}/events", stream=True, timeout=10) as events:
            lines = takewhile(lambda _: time.monotonic() < gives_up_at, events.iter_lines())
            return sum(1 for _ in islice((line for line in lines if line.startswith(b"data: {")), 13))

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
    tabs[-1].get_by_role("button", name="Inject").click()
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
