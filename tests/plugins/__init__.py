"""Tests of plug-ins, installed as a package."""
