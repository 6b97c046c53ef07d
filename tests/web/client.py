"""Starlette's test client. It asks for httpx2, which brings nothing that we need: that it says so is no news."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

__all__ = ["TestClient"]
