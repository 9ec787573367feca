"""comparison_report.html: a run as one self-contained page that works offline."""

from report.page.page import write_page

__all__ = ["write_page"]
