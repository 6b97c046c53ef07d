"""The command line edge: the program `tenure`."""

from tenure.cli.commands import main
from tenure.kernel.gc_tuning import raise_gc_threshold

__all__ = ["main"]

# Every process of the program comes by here first, those that it spawns too, before the heavy modules are loaded.
raise_gc_threshold()
