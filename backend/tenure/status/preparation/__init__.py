"""Plug-ins that amend a status change before it is made."""
