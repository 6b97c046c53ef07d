"""Status changes as requested: at once, backdated or scheduled."""
