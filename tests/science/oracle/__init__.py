"""The plain twin of the engine: a second program of the model, written from docs/model-card/structure.md by somebody who has not read the kernel."""

from .inputs import Inputs
from .twin import run_inputs, simulate

__all__ = ["Inputs", "run_inputs", "simulate"]
