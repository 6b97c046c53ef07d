"""The command line edge: the program `tenure`."""

from tenure.cli.commands import main

__all__ = ["main"]
