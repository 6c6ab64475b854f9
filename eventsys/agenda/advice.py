"""What an organizer may have overlooked before scheduling: warnings, never refusals."""

from __future__ import annotations

from eventsys.agenda.queries import overrun, total_minutes
from eventsys.core.clock import now
from eventsys.core.language import gettext as _
from eventsys.core.language import ngettext
from eventsys.meetings.models import Meeting

BILINGUAL = ("title", "venue", "address", "notes")


def advice_for(meeting: Meeting) -> list[str]:
    """Each thing worth a second look, in words; one query."""
    minutes = total_minutes(meeting.id)
    found = [
        (meeting.starts_at <= now(), _("The start lies in the past.")),
        (meeting.reply_by is not None and meeting.reply_by <= now(), _("The reply deadline has passed already.")),
        (meeting.reply_by is None, _("There is no reply deadline: answers can be changed until the meeting starts.")),
        (not meeting.venue() and not meeting.online_url, _("There is neither a venue nor a link for joining online.")),
        (
            not (meeting.contact_phone or meeting.contact_email),
            _("Invitees find neither a telephone number nor an e-mail address for questions."),
        ),
        (not minutes, _("There is no agenda yet. It can be added later.")),
        (bool(overrun(meeting, minutes)), overrun_words(overrun(meeting, minutes))),
        (_lacks(meeting, "zh"), _("Some texts stand only in English; readers of Chinese see the English ones.")),
        (_lacks(meeting, "en"), _("Some texts stand only in Chinese; readers of English see the Chinese ones.")),
    ]
    return [words for holds, words in found if holds]


def overrun_words(minutes: int) -> str:
    """That the agenda is longer than the meeting, and by how much."""
    return ngettext(
        "The agenda is %(num)s minute longer than the meeting.",
        "The agenda is %(num)s minutes longer than the meeting.",
        minutes,
    )


def _lacks(meeting: Meeting, language: str) -> bool:
    """Whether a text of the meeting stands in the other language only."""
    other = "en" if language == "zh" else "zh"
    return any(getattr(meeting, f"{name}_{other}") and not getattr(meeting, f"{name}_{language}") for name in BILINGUAL)
