"""How often the collector of garbage looks, and through what."""

import gc

# So many more containers than before, and the collector looks through the youngest: a list of usage makes tens of
# thousands, none of which is garbage until it is answered. Python's own figure is 700.
LOOK_AFTER = 20_000


def raise_gc_threshold() -> None:
    """To be called before anything is loaded: nothing of that is garbage, and to look for it takes a tenth of the time."""
    gc.set_threshold(LOOK_AFTER)


def freeze_gc() -> None:
    """To be called once by who will live for long, before the work begins: what is there by then stays until the end.

    The collector need not look through modules and mappings again and again: they are most of the memory, and were a
    fifth of the work of taking in usage.
    """
    raise_gc_threshold()
    gc.collect()
    gc.freeze()
