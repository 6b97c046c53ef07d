"""Bills and their items: charges are added up as they come, and closed into a bill once a cycle (rules 6)."""
