"""The verbs of this room."""

from eventsys.succession.operations.apart import keep_apart
from eventsys.succession.operations.merging import CHOOSABLE, Choices, merge

__all__ = ["CHOOSABLE", "Choices", "keep_apart", "merge"]
