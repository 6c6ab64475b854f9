"""Reads of notices."""

from eventsys.notices.queries.public import published_of
from eventsys.notices.queries.work import Begun, Work, find_begun, find_work

__all__ = ["Begun", "Work", "find_begun", "find_work", "published_of"]
