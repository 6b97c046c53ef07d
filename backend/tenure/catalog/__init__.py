"""The catalog of offers."""
