"""Words for the kinds of agenda items."""

from __future__ import annotations

from eventsys.agenda.models import AgendaKind
from eventsys.core.language import lazy_gettext as _l

KINDS = {
    AgendaKind.OPENING: _l("Opening"),
    AgendaKind.STUDY: _l("Study"),
    AgendaKind.SPEECH: _l("Speech"),
    AgendaKind.WORK_REPORT: _l("Work report"),
    AgendaKind.DISCUSSION: _l("Discussion"),
    AgendaKind.BREAK: _l("Break"),
    AgendaKind.PLAN: _l("Plan of work"),
    AgendaKind.CLOSING: _l("Closing"),
    AgendaKind.OTHER: _l("Other item"),
}


def item_kind_word(kind: AgendaKind) -> str:
    """The kind in the current language."""
    return str(KINDS[kind])
