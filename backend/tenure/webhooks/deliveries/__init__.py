"""The queue of deliveries: recorded from committed events, claimed, attempted, and settled."""
