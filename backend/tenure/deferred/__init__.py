"""Changes that were asked for now and take place later."""
