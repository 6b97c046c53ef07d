"""Logins of services that are closed or reopened."""
