"""The GraphQL API, the entry point for partner systems and the page."""
