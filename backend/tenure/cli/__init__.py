"""The command line edge: the program `tenure`."""

from tenure.cli.commands import main
from tenure.kernel.memory import look_less_often

__all__ = ["main"]

# Every process of the program comes by here first, those that it spawns too, before the heavy modules are loaded.
look_less_often()
