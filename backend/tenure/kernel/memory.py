"""Memory of a process that will live for long."""

import gc

# So many more containers than before, and the collector of garbage looks through the youngest: a list of usage makes tens
# of thousands, none of which is garbage until it is answered. Python's own figure is 700.
LOOK_AFTER = 20_000


def keep_what_is_loaded() -> None:
    """To be called once, before the work begins: what is there by then stays until the end.

    The collector need not look through modules and mappings again and again: they are most of the memory, and were a
    fifth of the work of taking in usage.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(LOOK_AFTER)
