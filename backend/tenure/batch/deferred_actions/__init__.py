"""Carrying out promises: in their order, as sets where accounts have nothing to do with each other."""
