"""Benchmarks. `make bench` runs them; docs/performance.md has the figures."""
