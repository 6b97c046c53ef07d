"""PARENT holds: accounts whose payer is not active."""
