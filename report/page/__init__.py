"""comparison_report.html: a run as one page that needs nothing else, not even a network."""

from report.page.page import write_page

__all__ = ["write_page"]
