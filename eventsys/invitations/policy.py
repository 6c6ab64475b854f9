"""Who may ask, answer, and see who was asked: pure predicates."""

from __future__ import annotations
