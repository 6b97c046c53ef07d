"""Entry point of the command line: the program `tenure`."""

from tenure.cli.commands import main
from tenure.kernel.gc_tuning import raise_gc_threshold

__all__ = ["main"]

# Every process of the program, spawned ones too, imports this before the heavy modules.
raise_gc_threshold()
