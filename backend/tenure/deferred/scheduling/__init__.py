"""New deferred actions, one or a set."""
