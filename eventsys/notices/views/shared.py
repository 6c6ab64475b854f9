"""What the pages of the desk share: both texts, what the check finds, and that it was shown."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup

from eventsys.core.language import LazyText
from eventsys.core.language import gettext as _
from eventsys.core.language import lazy_gettext as _l
from eventsys.notices.checks import Finding, findings
from eventsys.notices.models import FindingReason, NoticeVersion
from eventsys.notices.queries import Begun

FIELDS: Mapping[str, LazyText] = {
    "title_zh": _l("Title in Chinese"),
    "title_en": _l("Title in English"),
    "body_zh": _l("Text in Chinese"),
    "body_en": _l("Text in English"),
    "attended_zh": _l("Attended by, in Chinese"),
    "attended_en": _l("Attended by, in English"),
    "author_zh": _l("Author, in Chinese"),
    "author_en": _l("Author, in English"),
    "department_zh": _l("Supplying department, in Chinese"),
    "department_en": _l("Supplying department, in English"),
    "correction_zh": _l("What the correction corrects, in Chinese"),
    "correction_en": _l("What the correction corrects, in English"),
}


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


@dataclass(frozen=True, slots=True)
class Told:
    """A finding as a page shows it: where it leads to, and the words why it may stand, if somebody gave them."""

    key: str
    message: str
    where: str
    href: str
    blocks: bool
    instead: str
    reason: str
    by: str


def texts_of(work: Begun) -> list[Shown]:
    """The version's text in both languages, empty ones too."""
    return [shown(work, "zh", _("In Chinese")), shown(work, "en", _("In English"))]


def shown(work: Begun, language: str, label: str) -> Shown:
    """One language's text."""
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


def findings_of(work: Begun) -> list[Finding]:
    """What the check finds in the version, in the current language."""
    return findings(work.version, work.meeting)


def told(
    found: Sequence[Finding], answered: Mapping[str, FindingReason], work: Begun, *, to_editor: bool
) -> list[Told]:
    """The findings for a page; each leads to its place in the editor, or in the text that the page shows."""
    return [
        Told(
            key=each.key,
            message=each.message,
            where=str(FIELDS[each.field]),
            href=place(each, work.path) if to_editor else f"#:~:text={quote(each.words)}" if each.words else "",
            blocks=each.blocks,
            instead=each.instead,
            reason=answered[each.key].reason if each.key in answered else "",
            by=answered[each.key].by if each.key in answered else "",
        )
        for each in found
    ]


def place(finding: Finding, path: str) -> str:
    """The address at which the editor opens with the words selected."""
    return f"{path}/edit#{finding.field}={quote(finding.words)}"


def texts(row: NoticeVersion) -> dict[str, tuple[str, str]]:
    """Title and body by language."""
    return {"zh": (row.title_zh, row.body_zh), "en": (row.title_en, row.body_en)}


def mark_of(found: Sequence[Finding]) -> str:
    """A short mark of what a page showed: a form that brings another one was made before it changed."""
    words = [each.key for each in found]
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:16] if words else ""
