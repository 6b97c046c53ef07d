"""Entry point of the web server: the API, sign-in, the page, PDF, health and metrics."""

from tenure.web.app import create_app

__all__ = ["create_app"]
