"""The web edge: the API, signing in, the page, and what whoever operates it asks: alive, ready, how much."""

from tenure.web.app import create_app

__all__ = ["create_app"]
