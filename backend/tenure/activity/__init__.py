"""When offers were active, where changes were backdated (rules 2.11)."""
