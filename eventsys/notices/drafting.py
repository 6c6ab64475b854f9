"""The first draft: the facts of the record in the sentences of the office, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

from eventsys.meetings.models import Meeting
from eventsys.notices.facts import facts_in
from eventsys.notices.queries.house import sentences_of
from eventsys.notices.queries.record import Record, record_of
from eventsys.notices.sentences import SENTENCES, Filled, Part, Sentence, fill
from eventsys.notices.text import NoticeText

Wordings = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Draft:
    """The record in one language; `attended` says who came by organization and post, `facts` what the words took."""

    title: str = ""
    body: str = ""
    attended: str = ""
    department: str = ""
    facts: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class FirstDraft:
    """The text in both languages, and the facts that each took."""

    text: NoticeText
    facts: Mapping[str, Mapping[str, str]]


def first_draft(meeting: Meeting) -> FirstDraft:
    """What the record says of the meeting, in the sentences of its office."""
    record, wordings = record_of(meeting), sentences_of(meeting.convener.path)
    zh, en = (draft_in(record, language, wordings) for language in ("zh", "en"))
    text = NoticeText(
        title_zh=zh.title,
        title_en=en.title,
        body_zh=zh.body,
        body_en=en.body,
        department_zh=zh.department,
        department_en=en.department,
        attended_zh=zh.attended,
        attended_en=en.attended,
    )
    return FirstDraft(text, {"zh": dict(zh.facts), "en": dict(en.facts)})


def draft_in(record: Record, language: str, wordings: Wordings) -> Draft:
    """The draft in one language; empty when the meeting or its office has no name in it."""
    facts = facts_in(record, language)
    if not facts.get("office") or not facts.get("meeting"):
        return Draft()
    taken: dict[str, str] = {"office": facts["office"]}
    title, body, heading = "", [], ""
    for sentence in SENTENCES:
        said = _filled(sentence, record, facts, language, wordings)
        if sentence.part is Part.HEADING:
            heading = said[0].words if said else ""
            continue
        for filled in said:
            taken |= filled.facts
            if sentence.part is Part.TITLE:
                title = filled.words
                continue
            body += [_heading(heading)] if heading else []
            body.append(_paragraph(filled.words))
            heading = ""
    attended = facts.get("attended", "")
    taken |= {"attended": attended} if attended else {}
    return Draft(title, "".join(body), attended[:1].upper() + attended[1:], facts["office"], taken)


def _filled(
    sentence: Sentence, record: Record, facts: Mapping[str, str], language: str, wordings: Wordings
) -> list[Filled]:
    """The sentence in words: once, once for each item with a speaker, or not at all."""
    wording = wordings.get((sentence.key, language), sentence.words[language])
    suffixes = [f":{item.id}" for item in record.items] if sentence.part is Part.EACH else [""]
    found = [fill(wording, facts, language, suffix) for suffix in suffixes]
    return [filled for filled in found if filled is not None]


def _heading(words: str) -> str:
    return f"<h2>{escape(words, quote=False)}</h2>"


def _paragraph(sentence: str) -> str:
    return f"<p>{escape(sentence, quote=False)}</p>"
