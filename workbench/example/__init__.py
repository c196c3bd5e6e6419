"""Write an example corpus of invented news and statements whose truth is known."""

from workbench.example.effects import Effects
from workbench.example.generator import write
from workbench.example.truth import Truth

__all__ = ["Effects", "Truth", "write"]
