"""The shop's web pages, the same for both gateways: no build step, no script, one request per page."""

from storefront.pages.routes import shop_pages

__all__ = ["shop_pages"]
