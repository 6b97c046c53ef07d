"""Tests of compiled queries: their answers equal those of normal execution, byte by byte."""
