"""Why something is not active: holds, and the status that follows from them."""
