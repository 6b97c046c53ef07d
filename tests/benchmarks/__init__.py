"""What the promises about speed are measured by; `make bench` runs it, and docs/performance.md has the figures."""
