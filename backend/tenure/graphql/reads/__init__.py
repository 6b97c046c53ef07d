"""How declared fields are read: declarations, loaders and statements."""
