"""Tenure keeps the standing of a subscription company's customers."""
