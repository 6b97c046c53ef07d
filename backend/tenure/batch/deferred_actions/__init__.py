"""Runs deferred actions in order, as sets where their accounts do not affect each other."""
