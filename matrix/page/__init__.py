"""matrix.html: the matrix as one page that works offline."""

from matrix.page.page import write_page

__all__ = ["write_page"]
