"""When offers were inactive, recalculated after backdated changes (rules 2.11)."""
