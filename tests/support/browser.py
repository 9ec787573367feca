"""A real browser, where tests need it, and what they ask of every page."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import ConsoleMessage, Page, Request, ViewportSize

from support.missing import missing

DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}

NewPage = Callable[..., Page]  # the fixture new_page

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")  # the first starts twice as fast
STEADY_CHROMIUM = Path(__file__).with_name("steady_chromium.py")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
INSIDE = ("about:", "blob:", "data:")  # no host is asked


def require_chromium() -> str:
    """Return where Chromium is."""
    return next(filter(None, map(shutil.which, NAMES)), None) or missing("Chromium")


@dataclass
class Watch:
    """What a page did that it must not do: errors, warnings, and requests to anywhere but its own addresses."""

    own: tuple[str, ...]
    complaints: list[str] = field(default_factory=list)
    _opened: set[str] = field(default_factory=set)
    _said: list[tuple[str, str]] = field(default_factory=list)

    def on(self, page: Page) -> None:
        """Watch this page from now on."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        page.on("request", self._request)

    def problems(self) -> list[str]:
        """Return everything so far; that a page itself came with an error status is none: a test asserts it."""
        said = [text for text, where in self._said if where not in self._opened or "Failed to load" not in text]
        return self.complaints + said

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._said.append((f"{message.type}: {message.text}", message.location.get("url", "")))

    def _request(self, request: Request) -> None:
        if request.is_navigation_request():
            self._opened.add(request.url)
        if not request.url.startswith((*self.own, *INSIDE)):
            self.complaints.append(f"asked {request.url}")


def accessibility_problems(page: Page) -> list[str]:
    """Return what axe has against the page as it stands: WCAG 2.2 A and AA, and best practice; colours in dark, too."""
    everything, colours = {"type": "tag", "values": RULES}, {"type": "rule", "values": ["color-contrast"]}
    return [*_axe(page, "light", everything), *_axe(page, "dark", colours)]


def _axe(page: Page, scheme: Literal["light", "dark"], rules: Mapping[str, object]) -> list[str]:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    violations = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]}).response["violations"]
    return [f"{scheme}: {v['id']}: {v['help']}: {[node['target'] for node in v['nodes']]}" for v in violations]
