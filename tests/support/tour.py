"""The guided tour of the control room, clicked through as a teacher does."""

from collections.abc import Iterator, Sequence

from playwright.sync_api import Page, expect

from support.layout import misplaced

SOON_MS = 30_000
STORY_MS = 90_000  # what a step of the story may take on a busy machine
STEPS = ("healthy", "break-it", "watch-v1", "watch-v2", "heal", "watch-probe")
STORM_STEPS = ("well", "stall", "stays-down", "why", "shed", "return")
STORM_MS = 180_000  # the longest step: the queue of the time that the tour takes to there, worked off call by call


def walk_the_tour(page: Page) -> None:
    """Take every step, and see that each happens: v1 dies, v2 trips and serves on, and then both are well."""
    for step in _steps(page, STEPS, STORY_MS):
        if step == "watch-v1":
            expect(page.locator("#v1")).to_have_attribute("data-tone", "bad", timeout=SOON_MS)
            expect(page.locator("#v2")).to_have_attribute("data-tone", "degraded", timeout=SOON_MS)
        if step == "watch-v2":
            half_open = page.locator('.state[data-state="HALF-OPEN"]:is([data-lit=true], [data-passed=true])')
            expect(half_open).to_be_visible(timeout=SOON_MS)
    for gateway in ("#v1", "#v2"):
        expect(page.locator(gateway)).to_have_attribute("data-tone", "good", timeout=STORY_MS)


def walk_the_storm(page: Page) -> None:
    """Take every step, and see that each happens: the cause goes, v2 is well, v1 only after its visitors have left."""
    for step in _steps(page, STORM_STEPS, STORM_MS):
        assert misplaced(page) == [], step
        if step == "why":
            expect(page.locator("#wire-note")).to_contain_text("is for callers who have left")
            expect(page.locator("#recommendations-v2-note")).to_contain_text(" 0 % of its work is for callers")


def _steps(page: Page, steps: Sequence[str], within_ms: float) -> Iterator[str]:
    """Yield each step when it has happened; then the tour is over."""
    page.get_by_role("button", name="Guided tour").click()
    for step in steps:
        expect(page.locator("#tour")).to_have_attribute("data-step", step)
        if page.locator("#tour-do").is_visible():
            page.locator("#tour-do").click()
        expect(page.locator('#tour-check[data-done="true"]')).to_be_visible(timeout=within_ms)
        yield step
        page.locator("#tour-next").click()
    expect(page.locator("#tour")).to_be_hidden()
