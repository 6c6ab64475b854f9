"""A notice as its public page says it, in the current language; everything formatted once, in Python."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zlib import crc32

from markupsafe import Markup
from sqlalchemy import Row

from eventsys.core.formats import clock, date_short, day_full, span, zone_name
from eventsys.core.language import choose, current_language, ngettext
from eventsys.core.language import gettext as _
from eventsys.meetings.models import MeetingState, Visibility
from eventsys.notices.models import NoticeState

Facts = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class NoticePage:
    """What the template prints. `text_lang` is the HTML language of title and body; `only` says that there is no other.

    `downloads` are (address, name, size) of its files; `corrected` and `withdrawn` are the words of the date before the
    note and the reason, "" when neither happened. `register` is its entry where the office keeps one; `redacted` is the
    day on which the law had words taken out, "" for none. `is_earlier` says that another version counts by now.
    """

    path: str
    year: str
    number: int
    title: str
    body: Markup
    text_lang: str
    only: str
    byline: tuple[tuple[str, str], ...]
    corrected: str
    note: str
    withdrawn: str
    reason: str
    facts: Facts
    meeting_path: str
    downloads: tuple[tuple[str, str, str], ...] = ()
    register: Facts = ()
    redacted: str = ""
    redacted_why: str = ""
    is_earlier: bool = False


def page_of(row: Row[Any], zone: str) -> NoticePage:
    """The row of `queries.public` in the current language; `zone` is the office's, for the dates of publication."""
    language = current_language()
    text = language if getattr(row, f"in_{language}") or not _other_text(row, language) else _other(language)
    withdrawn = row.state is NoticeState.WITHDRAWN
    is_public = row.visibility is Visibility.PUBLIC and row.meeting_state is not MeetingState.DRAFT
    corrected = date_short(row.version_published_at, zone) if row.number > 1 and row.version_published_at else ""
    return NoticePage(
        path=f"/notices/{row.year}/{row.slug}",
        year=str(row.year or ""),
        number=row.number,
        title=choose(row.title_zh, row.title_en, text),
        body=Markup("") if withdrawn else Markup(row.body),  # noqa: S704 - cleaned when it was saved
        text_lang="zh-Hans" if text == "zh" else "en",
        only="" if row.in_zh and row.in_en else text,
        byline=_byline(row, zone),
        corrected=corrected,
        note=choose(row.correction_zh, row.correction_en) if row.number > 1 else "",
        withdrawn=date_short(row.withdrawn_at, zone) if withdrawn else "",
        reason=choose(row.withdrawn_reason_zh, row.withdrawn_reason_en) if withdrawn else "",
        facts=_facts(row, is_public=is_public),
        meeting_path=f"/meetings/{row.meeting_id}" if is_public else "",
        downloads=() if withdrawn else _downloads(row),
        register=_register(row, zone),
        redacted=date_short(row.redacted_at, zone) if row.redacted_at else "",
        redacted_why=choose(row.redacted_reason_zh, row.redacted_reason_en),
        is_earlier=row.is_earlier,
    )


def parts_of_tag(row: Row[Any]) -> tuple[object, ...]:
    """Everything that the page depends on beside the language.

    The text's own sum stands with the version numbers, so that a restored database cannot bring an old page back.
    """
    return (
        *("notice", row.id, row.notice_version, row.state, row.version_id, row.text_version),
        *(row.meeting_version, row.meeting_modified_at, row.visibility, row.offices),
        *(row.title_zh, row.title_en, crc32(row.body.encode())),
        *(getattr(row, "pdf_size", None), getattr(row, "docx_size", None)),
    )


def _other(language: str) -> str:
    return "en" if language == "zh" else "zh"


def _other_text(row: Row[Any], language: str) -> bool:
    return bool(getattr(row, f"in_{_other(language)}"))


def _byline(row: Row[Any], zone: str) -> tuple[tuple[str, str], ...]:
    published = date_short(row.published_at, zone) if row.published_at else _("Not yet")
    lines = (
        (_("Published on"), published),
        (_("Author"), choose(row.author_zh, row.author_en)),
        (_("Supplied by"), choose(row.department_zh, row.department_en)),
    )
    return tuple(line for line in lines if line[1])


def index_number(row: Row[Any]) -> str:
    """`code/year-serial` with five digits, "" without an entry."""
    return f"{row.entry_code}/{row.entry_year}-{row.entry_serial:05}" if row.entry_code else ""


def _register(row: Row[Any], zone: str) -> Facts:
    """Government information metadata, where the office keeps them."""
    if not row.entry_code:
        return ()
    lines = (
        (_("Index number"), index_number(row)),
        (_("Issued by"), choose(row.convener_zh, row.convener_en)),
        (_("Produced on"), date_short(row.published_at, zone) if row.published_at else ""),
        (_("Subject class"), choose(row.entry_subject_zh, row.entry_subject_en)),
        (_("Document number"), row.entry_document_number),
        (_("Disclosure"), choose(row.entry_disclosure_zh, row.entry_disclosure_en)),
    )
    return tuple((label, (value,)) for label, value in lines if value)


def _downloads(row: Row[Any]) -> tuple[tuple[str, str, str], ...]:
    """Address, name and size of each file; the size only once the file is made ready. A version has none of its own."""
    if not hasattr(row, "pdf_size"):
        return ()
    path = f"/notices/{row.year}/{row.slug}"
    pages = [ngettext("%(num)s page", "%(num)s pages", row.pdf_pages)] if row.pdf_pages else []
    return (
        (f"{path}.pdf", _("PDF, A4"), _(", ").join([*pages, *_size(row.pdf_size)])),
        (f"{path}.docx", _("Word"), _(", ").join(_size(row.docx_size))),
    )


def _size(octets: int | None) -> list[str]:
    return [_("%(number)s kB", number=max(1, round(octets / 1000)))] if octets else []


def _facts(row: Row[Any], *, is_public: bool) -> Facts:
    """Of a meeting whose own page is not public only the day is told, not its hours and its room."""
    venue = (choose(row.venue_zh, row.venue_en), choose(row.address_zh, row.address_en)) if is_public else ()
    attended = tuple(choose(row.attended_zh, row.attended_en).splitlines())
    lines = (
        (_("When"), _when(row) if is_public else (day_full(row.starts_at, row.zone),)),
        (_("Where"), tuple(part for part in venue if part)),
        (_("Convened by"), (choose(row.convener_zh, row.convener_en),)),
        (_("Attended by"), () if row.state is NoticeState.WITHDRAWN else attended),
    )
    return tuple(line for line in lines if line[1])


def _when(row: Row[Any]) -> tuple[str, ...]:
    name = zone_name(row.zone, row.starts_at)
    day = day_full(row.starts_at, row.zone)
    if day != day_full(row.ends_at, row.zone):
        return (span(row.starts_at, row.ends_at, row.zone, None), name)
    hours = f"{clock(row.starts_at, row.zone)}–{clock(row.ends_at, row.zone)}"
    return (day, hours + choose("，", " ") + name)
