"""The list of reasons for status changes, which admins keep."""
