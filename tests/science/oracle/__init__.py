"""The plain twin of the engine: a second program of the model, written from docs/model-card/structure.md by somebody who has not read the kernel."""
from .twin import simulate

__all__ = ["simulate"]
