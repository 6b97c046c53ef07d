"""Settings of the garbage collector of Python."""

import gc

# A list of usage allocates tens of thousands of containers, none of which is garbage before the
# answer is sent. Python's default is 700.
GC_THRESHOLD = 20_000


def raise_gc_threshold() -> None:
    """Lets the collector run less often. Call it before modules are imported.

    Objects of modules are not garbage; with the default, a tenth of the import time is spent on
    collections.
    """
    gc.set_threshold(GC_THRESHOLD)


def freeze_gc() -> None:
    """Excludes all existing objects from collections. Call it once, when a process has started.

    Modules and mappings are most of the memory and live until the process ends. Traversing them was
    a fifth of the time of recording usage.
    """
    raise_gc_threshold()
    gc.collect()
    gc.freeze()
