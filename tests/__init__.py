"""Mirrors the rooms of backend/tenure, and holds the laws of the house."""
