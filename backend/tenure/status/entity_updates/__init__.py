"""The updates of changed accounts, services and offers."""
