"""Scheduled closings that prevent a change."""
