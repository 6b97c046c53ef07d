"""The amounts of a pending bill, as if it were finalized now."""
