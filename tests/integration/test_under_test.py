"""Every gateway under test, as processes: what a page is worth, and how many calls it costs."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import pytest

from benchmarks.processes import running
from benchmarks.under_test.registry import RUNGS
from benchmarks.under_test.retry_budget import MOST
from benchmarks.under_test.shop import ShopUnderTest
from load.outcomes import Outcome, Route, outcome_of
from shopkit.direct import direct_session

HANG_S = 9.0  # longer than three attempts of 2 s, with their pauses
PAGES = 60  # one after the other, at each gateway
PATIENCE_S = 60
BREAKERS = {"textbook-breaker", "guard", "mesh"}
WITHOUT_FALLBACK = {"none", "timeout", "mesh"}


class Page(NamedTuple):
    """What came of one page."""

    outcome: Outcome
    took_s: float


class Visit(NamedTuple):
    """The pages of one gateway, one after the other."""

    pages: list[Page]
    calls: int  # that reached the recommendations service

    @property
    def outcomes(self) -> set[Outcome]:
        """Each outcome that a page had."""
        return {page.outcome for page in self.pages}


@pytest.fixture
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShopUnderTest]:
    """Return every rung, and the services, running."""
    shop = ShopUnderTest(RUNGS)
    with running(shop.servers, tmp_path_factory.mktemp("logs")):
        yield shop


@pytest.mark.slow
def test_every_rung_well_hanging_and_failing(shop: ShopUnderTest) -> None:
    """Pages are full while all is well; in a fault the rungs differ in what a page is worth, its wait and its calls."""
    well = visit(shop, 1)
    shop.inject({"kind": "hang", "delay_s": HANG_S})
    hanging = visit(shop, 1)
    shop.heal()
    healed = visit(shop, 1)  # the failure before it is not one in a row with those after it
    shop.inject({"kind": "error"})
    failing = visit(shop, PAGES)

    for name in well:
        assert [(one[name].outcomes, one[name].calls) for one in (well, healed)] == [({Outcome.FULL}, 1)] * 2, name
        expected = Outcome.FAILED if name in WITHOUT_FALLBACK else Outcome.DEGRADED
        assert (name, hanging[name].outcomes, failing[name].outcomes) == (name, {expected}, {expected})
    check_hanging(hanging)
    check_failing(failing)


def check_hanging(hanging: dict[str, Visit]) -> None:
    """One page: v1 waits for the service, the guard with patience, others for one deadline for each attempt."""
    attempts = {name: 3 if "retry" in name else 1 for name in hanging}
    waits_s = {name: 2.0 * attempts[name] for name in hanging} | {"none": HANG_S, "guard": 0.9}
    assert {name: one.calls for name, one in hanging.items()} == attempts
    for name, one in hanging.items():
        assert waits_s[name] <= one.pages[0].took_s < waits_s[name] + 3.0, name


def check_failing(failing: dict[str, Visit]) -> None:
    """Many pages: the naive retry makes three calls for each, the budget one in ten more, a breaker hardly any."""
    calls = {name: one.calls for name, one in failing.items()}
    budgeted, breakers = calls.pop("budgeted-retry"), [calls.pop(name) for name in BREAKERS]
    assert calls == dict.fromkeys(calls, PAGES) | {"naive-retry": 3 * PAGES}
    assert PAGES + PAGES // 10 <= budgeted <= PAGES + PAGES // 10 + MOST
    assert all(3 <= made < PAGES / 4 for made in breakers), breakers  # the first three, and after each cooldown
    assert failing["mesh"].pages[-1].took_s < 1.0  # refused while the service is ejected


def visit(shop: ShopUnderTest, pages: int) -> dict[str, Visit]:
    """Ask every gateway at the same time for so many pages, one after the other."""
    before = shop.calls()
    urls = [server.url for server in shop.gateways.values()]
    with ThreadPoolExecutor(len(urls)) as visitors:
        seen = list(visitors.map(lambda url: [page(url) for _ in range(pages)], urls))
    after = shop.calls()
    return {
        gateway.name: Visit(asked, after[gateway] - before[gateway])
        for gateway, asked in zip(shop.gateways, seen, strict=True)
    }


def page(url: str) -> Page:
    """Ask for a product page."""
    began_s = time.monotonic()
    answer = direct_session().get(f"{url}/product-details/1", timeout=PATIENCE_S)
    outcome = outcome_of(Route.PRODUCT_DETAILS, answer.status_code, answer.content)
    return Page(outcome, time.monotonic() - began_s)
