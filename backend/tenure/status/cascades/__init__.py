"""What follows from a change of holds: payers down to the paid, accounts to assets, services to offers."""
