"""Plug-ins as an operator would install them."""
