"""Tests of `tenure.graphql`."""
