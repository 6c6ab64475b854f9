"""Refusals: what a verb raises when the truth does not allow what was asked."""

from __future__ import annotations

from typing import Any


class DomainError(Exception):
    """A refusal in words for the person who asked.

    `field` names the form field it belongs to; without one it stands above the form.
    """

    def __init__(self, message: object, *, field: str | None = None) -> None:
        super().__init__(str(message))
        self.field = field

    @property
    def message(self) -> str:
        return str(self.args[0])


class Stale(DomainError):
    """Somebody else saved the same row since the form was opened; `current` is the row as it is now."""

    def __init__(self, message: object, *, current: Any) -> None:
        super().__init__(message)
        self.current = current


class Refused(Exception):
    """The actor may not do this. Guards ask first, so a person rarely meets it."""
