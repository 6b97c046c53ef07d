"""The jobs: deferred actions and the bill day, run in chunks (rules 4.4 to 4.8, 6.5)."""

from tenure.batch.deferred_actions_job import run_now
from tenure.batch.runs import CHUNK, CONCURRENCY
from tenure.batch.start import execute_run

__all__ = ["CHUNK", "CONCURRENCY", "execute_run", "run_now"]
