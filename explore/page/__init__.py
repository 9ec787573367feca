"""explore.html: an exploration as one self-contained page that works offline."""

from explore.page.page import write_page

__all__ = ["write_page"]
