"""Entry point of workers: the broker, the actor that runs due jobs, and the scheduler."""
