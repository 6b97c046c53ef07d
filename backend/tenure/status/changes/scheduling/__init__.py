"""Status changes at a later time, and reactivations that end inactivations."""
