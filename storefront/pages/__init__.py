"""The shop as web pages, the same ones for both gateways: no build step, no script, one request a page."""

from storefront.pages.routes import shop_pages

__all__ = ["shop_pages"]
