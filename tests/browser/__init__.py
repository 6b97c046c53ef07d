"""The page in a real browser, against a server as an operator starts it."""
