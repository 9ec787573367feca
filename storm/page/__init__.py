"""storm.html: the storm as one page that works offline."""

from storm.page.page import write_page

__all__ = ["write_page"]
