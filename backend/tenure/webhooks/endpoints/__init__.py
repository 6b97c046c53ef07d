"""The endpoints of partner systems: created, changed, paused, resumed and deleted by admins."""
