"""What the pages of the desk share: both texts, what contradicts the record, and that it was shown."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from eventsys.core.language import gettext as _
from eventsys.notices.checks import contradictions
from eventsys.notices.models import NoticeVersion
from eventsys.notices.queries import Begun


@dataclass(frozen=True, slots=True)
class Shown:
    """One language's text as staff read it; `lang` is its HTML language."""

    lang: str
    label: str
    title: str
    body: Markup
    byline: tuple[tuple[str, str], ...]
    attended: str
    note: str
    preview: str


def texts_of(work: Begun) -> list[Shown]:
    """The version's text in both languages, empty ones too."""
    return [_shown(work, "zh", _("In Chinese")), _shown(work, "en", _("In English"))]


def _shown(work: Begun, language: str, label: str) -> Shown:
    row = work.version
    byline = (
        (_("Author"), getattr(row, f"author_{language}")),
        (_("Supplying department"), getattr(row, f"department_{language}")),
    )
    return Shown(
        lang="zh-Hans" if language == "zh" else "en",
        label=label,
        title=getattr(row, f"title_{language}"),
        body=Markup(getattr(row, f"body_{language}")),  # noqa: S704 - cleaned when it was saved
        byline=tuple(line for line in byline if line[1]),
        attended=getattr(row, f"attended_{language}"),
        note=getattr(row, f"correction_{language}") if work.is_correction else "",
        preview=f"{work.path}/preview?in={language}",
    )


def warnings_of(work: Begun) -> list[str]:
    """What the version says otherwise than the record, in the current language."""
    return contradictions(texts(work.version), work.meeting)


def texts(row: NoticeVersion) -> dict[str, tuple[str, str]]:
    """Title and body by language."""
    return {"zh": (row.title_zh, row.body_zh), "en": (row.title_en, row.body_en)}


def mark_of(warnings: Sequence[str]) -> str:
    """A short mark of the warnings on a page: a form that brings another one was made before they changed."""
    return hashlib.sha256("\n".join(warnings).encode()).hexdigest()[:16] if warnings else ""
