"""The program `tenure`."""
