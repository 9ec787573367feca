"""A real browser, where tests need it, and what they ask of every page."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import ConsoleMessage, Page, Request, ViewportSize

from support.missing import missing

DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}

NewPage = Callable[..., Page]  # the fixture new_page

NAMES = ("chromium", "chromium-browser", "google-chrome")
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
    """Return what axe has against the page as it stands: WCAG 2.2 A and AA, and best practice; in light and in dark."""
    return [f"{scheme}: {problem}" for scheme in ("light", "dark") for problem in _axe(page, scheme)]


def _axe(page: Page, scheme: str) -> list[str]:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    violations = Axe().run(page, options=options).response["violations"]
    return [f"{v['id']}: {v['help']}: {[node['target'] for node in v['nodes']]}" for v in violations]
