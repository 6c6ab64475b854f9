"""What a text still needs before it can go for approval."""

from __future__ import annotations

from eventsys.core.language import gettext as _
from eventsys.notices.models import NoticeVersion


def lacking(version: NoticeVersion) -> list[str]:
    """What is missing, in words; a notice may be in one language, but a language is whole or not there."""
    found: list[str] = []
    if not version.body_zh and not version.body_en:
        found.append(_("Write the text, in one language or in both."))
    if version.body_zh and not version.title_zh:
        found.append(_("The Chinese text has no title."))
    if version.body_en and not version.title_en:
        found.append(_("The English text has no title."))
    if version.number > 1 and not (version.correction_zh or version.correction_en):
        found.append(_("Say in public what the correction corrects."))
    return found
