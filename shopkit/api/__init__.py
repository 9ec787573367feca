"""The API of a service: its OpenAPI document, and the same as a page."""

from shopkit.api.routes import init_app

__all__ = ["init_app"]
