"""Status changes: who changes with an entity, what that charges, and what it will affect."""
