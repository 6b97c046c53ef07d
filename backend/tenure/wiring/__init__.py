"""The jobs and what they call, a chunk at a time (rules 4.4 to 4.8, 6.5)."""

from tenure.wiring.deferred import run_now
from tenure.wiring.runs import CHUNK, HANDS
from tenure.wiring.start import carry_out_run

__all__ = ["CHUNK", "HANDS", "carry_out_run", "run_now"]
