"""Exact prices of usage: fractions of a minor unit are carried from one event to the next (rules
6.3).
"""
