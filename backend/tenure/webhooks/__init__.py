"""Webhooks: events are sent to partner systems, by the Standard Webhooks specification."""
