"""Thousands of actions while everything around them dies: nothing is lost, nothing is done twice."""
