"""The sentences of a first draft: the product's own wording, which an office may replace, and how they are filled.

A sentence is one line or some alternatives, a line each: the first whose facts are all on record is used, and none
where each lacks one. A placeholder is a name in braces out of a fixed table; nothing else in braces means anything, and
what a fact says is text, never a sentence to be filled again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from eventsys.core.language import LazyText
from eventsys.core.language import lazy_gettext as _l

PLACEHOLDER = re.compile(r"[{｛]([^{}｛｝\n]{0,40})[}｝]")
BRACE = re.compile("[{}｛｝]")


class Part(StrEnum):
    """What a sentence becomes."""

    TITLE = "title"
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    EACH = "each"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its key, what it becomes, what it is for, and the product's wording by language.

    A heading stands only above a sentence that follows it; EACH is said once for every agenda item with a speaker.
    """

    key: str
    part: Part
    label: LazyText
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A fact that a sentence can take, by its name in each language."""

    fact: str
    zh: str
    en: str
    meaning: LazyText
    each: bool = False

    def name(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


PLACEHOLDERS = (
    Placeholder("day", "年月日", "day", _l("The day with its year")),
    Placeholder("date", "日期", "date", _l("The day without its year")),
    Placeholder("weekday", "星期", "weekday", _l("The weekday")),
    Placeholder("office", "主办单位", "office", _l("The convening organization")),
    Placeholder("meeting", "会议名称", "meeting", _l("The meeting's title")),
    Placeholder("place", "地点", "place", _l("The venue")),
    Placeholder("purpose", "会议任务", "purpose", _l("To what end, from the kinds of the agenda")),
    Placeholder("attended", "参会人员", "attended", _l("Who came, by organization and post")),
    Placeholder("people", "参会人数", "people", _l("How many people came")),
    Placeholder("units", "参会单位数", "organizations", _l("Of how many organizations somebody came")),
    Placeholder("chair", "主持人", "chair", _l("Who chaired, by post")),
    Placeholder("reporters", "汇报单位", "reporters", _l("Who reported, in order")),
    Placeholder("reports", "汇报单位数", "reports", _l("How many organizations reported, from two on")),
    Placeholder("discussed", "讨论事项", "discussed", _l("Items for discussion")),
    Placeholder("planned", "工作安排", "planned", _l("Items that plan the next steps")),
    Placeholder("agenda", "其他议程", "agenda", _l("Other items")),
    Placeholder("speaker", "发言人", "speaker", _l("Who spoke, by post"), each=True),
    Placeholder("speaker_name", "发言人姓名", "speaker name", _l("The name of who spoke"), each=True),
    Placeholder("item", "议题", "item", _l("What they spoke on"), each=True),
)

SENTENCES = (
    Sentence(
        "title",
        Part.TITLE,
        _l("Title"),
        {"zh": "{主办单位}召开{会议名称}", "en": "{office} holds “{meeting}”"},
    ),
    Sentence(
        "held",
        Part.PARAGRAPH,
        _l("Who convened what, when and to what end"),
        {
            "zh": "{年月日}，{主办单位}召开{会议名称}，{会议任务}。\n{年月日}，{主办单位}召开{会议名称}。",
            "en": "On {day}, {office} held “{meeting}” to {purpose}.\nOn {day}, {office} held “{meeting}”.",
        },
    ),
    Sentence(
        "came",
        Part.PARAGRAPH,
        _l("Who attended"),
        {"zh": "{参会人员}参加会议。", "en": "It was attended by {attended}."},
    ),
    Sentence(
        "chaired",
        Part.PARAGRAPH,
        _l("Who chaired"),
        {"zh": "会议由{主持人}主持。", "en": "{chair} chaired the meeting."},
    ),
    Sentence("items", Part.HEADING, _l("Heading of the items"), {"zh": "会议议程", "en": "Items of the meeting"}),
    Sentence(
        "spoke",
        Part.EACH,
        _l("Who spoke"),
        {"zh": "{发言人}就“{议题}”作了发言。", "en": "{speaker} spoke on “{item}”."},
    ),
    Sentence(
        "agenda",
        Part.PARAGRAPH,
        _l("The other items"),
        {"zh": "会议依次进行以下议程：{其他议程}。", "en": "The agenda in its order: {agenda}."},
    ),
    Sentence(
        "discussed",
        Part.PARAGRAPH,
        _l("What was discussed"),
        {"zh": "会议讨论了以下事项：{讨论事项}。", "en": "The meeting discussed: {discussed}."},
    ),
    Sentence("reports", Part.HEADING, _l("Heading of the work reports"), {"zh": "工作汇报", "en": "Work reports"}),
    Sentence(
        "reported",
        Part.PARAGRAPH,
        _l("Who reported, in order"),
        {
            "zh": "{汇报单位}等{汇报单位数}依次汇报了工作。\n{汇报单位}汇报了工作。",
            "en": "{reports} reported on their work in turn: {reporters}.\n{reporters} reported on its work.",
        },
    ),
    Sentence("next", Part.HEADING, _l("Heading of what comes next"), {"zh": "下一步工作", "en": "What comes next"}),
    Sentence(
        "planned",
        Part.PARAGRAPH,
        _l("What comes next"),
        {"zh": "会议对下一步工作作出安排：{工作安排}。", "en": "The meeting set the next steps: {planned}."},
    ),
)
BY_KEY = {sentence.key: sentence for sentence in SENTENCES}


@dataclass(frozen=True, slots=True)
class Filled:
    """A sentence in words, and the facts that it took: fact -> words."""

    words: str
    facts: Mapping[str, str]


def fill(wording: str, facts: Mapping[str, str], language: str, suffix: str = "") -> Filled | None:
    """The first line whose facts are all there, None when there is no such line.

    `suffix` (`:7`) is that of the facts of one agenda item.
    """
    for line in wording.splitlines():
        filled = _fill_line(line.strip(), facts, language, suffix)
        if filled is not None:
            return filled
    return None


def unknown(wording: str, language: str, *, each: bool = False) -> list[str]:
    """The placeholders that mean nothing (here), as they stand; a lone brace is one too."""
    known = {place.name(language) for place in PLACEHOLDERS if each or not place.each}
    names = PLACEHOLDER.findall(wording)
    stray = BRACE.findall(PLACEHOLDER.sub("", wording))
    return [f"{{{name}}}" for name in dict.fromkeys(names) if name.strip() not in known] + stray


def placeholders(language: str, *, each: bool) -> list[tuple[str, str]]:
    """Names and meanings of the placeholders that a sentence can take."""
    return [(f"{{{place.name(language)}}}", str(place.meaning)) for place in PLACEHOLDERS if each or not place.each]


def _fill_line(line: str, facts: Mapping[str, str], language: str, suffix: str) -> Filled | None:
    by_name = {place.name(language): f"{place.fact}{suffix if place.each else ''}" for place in PLACEHOLDERS}
    wanted = [by_name.get(name.strip(), "") for name in PLACEHOLDER.findall(line)]
    if not line or any(not facts.get(key) for key in wanted):
        return None
    words = PLACEHOLDER.sub(lambda match: facts[by_name[match[1].strip()]], line)
    if language == "en":
        words = words[:1].upper() + words[1:]
    return Filled(words, {key: facts[key] for key in wanted})
