"""The jobs: deferred actions, the bill day and status changes, run in chunks (rules 4.4 to 6.5)."""

from tenure.batch.bulk import change_actions
from tenure.batch.deferred_actions.actions import run_by_ids
from tenure.batch.runs import CHUNK, CONCURRENCY
from tenure.batch.start import execute_run

__all__ = ["CHUNK", "CONCURRENCY", "change_actions", "execute_run", "run_by_ids"]
