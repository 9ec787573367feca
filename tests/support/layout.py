"""Whether all of the control room's story is on screen."""

from playwright.sync_api import Page

STORY = (
    "#tour-title, #tour-look, #tour-check, #tour-next, #fault-kind, #fault [type=submit], #heal, #load-users, "
    "#load [type=submit], [data-mode], #wire, #circuit, #product-circuit, #said, .verdict b, .verdict span, .circle, "
    ".numbers dl, .yours, .threads-says, svg.threads, .timeline"
)
# what is outside of the window, and what lies upon something else; lengths in whole pixels, as edges may touch
MISPLACED = """(story) => {
  const parts = [...document.querySelectorAll(story)].map((element) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    const name = `${element.closest("section").id} ${element.id || element.textContent.trim() || element.classList}`;
    return { name, left: Math.ceil(left), top: Math.ceil(top), right: Math.floor(right), bottom: Math.floor(bottom) };
  });
  const isOutside = (part) => part.left < 0 || part.top < 0 || part.right > innerWidth || part.bottom > innerHeight;
  const lies = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const upon = parts.flatMap((a, i) =>
    parts.slice(i + 1).filter((b) => lies(a, b)).map((b) => `${a.name} on ${b.name}`));
  return [...parts.filter(isOutside).map(({ name }) => name), ...upon];
}"""


def misplaced(page: Page) -> list[str]:
    """Return what is outside of the window, and what lies upon something else."""
    found: list[str] = page.evaluate(MISPLACED, STORY)
    return found
