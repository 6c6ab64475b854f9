"""Organizations missing from, or twice in, what the text says of who came; names of the absent, and wrong posts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from eventsys.core.language import gettext as _
from eventsys.notices.checks.finding import Finding, Kind, Looked, Passage
from eventsys.notices.queries.record import Guest, Record
from eventsys.rendering.replacing import whole

BESIDE = {"zh": 24, "en": 70}
SHORTEST_NAME = 2


def organizations(looked: Looked, record: Record) -> Iterator[Finding]:
    """`attended` names every organization of which somebody was present, each once; so does a list of reports."""
    for language in ("zh", "en"):
        attended = list(looked.of(language, "attended"))
        yield from _twice(attended, record, language)
        yield from _not_there(attended, record, language)
        yield from _missing(attended, record, language, record.present_units, f"attended_{language}")
        reported = [each for each in looked.of(language, "body") if _names(each, record, record.reporters, language)]
        lists = [each for each in reported if _is_report(each.text, language)]
        yield from _missing(lists, record, language, record.reporters, f"body_{language}")


def people(looked: Looked, record: Record) -> Iterator[Finding]:
    """Somebody named who did not come, or with the post of somebody else."""
    titles = {guest.title[language] for guest in record.guests for language in ("zh", "en") if guest.title[language]}
    for language in ("zh", "en"):
        for passage in looked.of(language, "title", "body", "attended"):
            for guest in record.guests:
                name = guest.name[language]
                if len(name) >= SHORTEST_NAME and whole(name).search(passage.text):
                    yield from _named(passage, guest, name, titles, record)


def _twice(passages: Sequence[Passage], record: Record, language: str) -> Iterator[Finding]:
    found = Counter(
        each for passage in passages for each in _names(passage, record, list(record.units), language, every=True)
    )
    for organization_id, number in found.items():
        if number > 1:
            name = record.unit_name(organization_id, language)
            yield _organization(f"attended_{language}", name, _("“%(name)s” stands twice among those who attended."))


def _not_there(passages: Sequence[Passage], record: Record, language: str) -> Iterator[Finding]:
    """Named as attending though nobody of theirs was present."""
    asked = {guest.organization_id for guest in record.guests if guest.organization_id} - set(record.present_units)
    if not record.present_units:
        return
    for passage in passages:
        for each in _names(passage, record, sorted(asked), language):
            name = record.unit_name(each, language)
            yield _organization(passage.field, name, _("By the record nobody of “%(name)s” was present."))


def _missing(
    passages: Sequence[Passage], record: Record, language: str, wanted: Sequence[int], field: str
) -> Iterator[Finding]:
    """Once a list names two of them, it names all of them."""
    named = {each for passage in passages for each in _names(passage, record, wanted, language)}
    if len(named) < 2:
        return
    message = _("“%(name)s” is missing among those who attended.")
    if field.startswith("body"):
        message = _("“%(name)s” is missing among those who reported.")
    for each in wanted:
        name = record.unit_name(each, language)
        if each not in named and name:
            yield _organization(field, name, message)


def _organization(field: str, name: str, message: str) -> Finding:
    return Finding(Kind.ORGANIZATION, field, name, message % {"name": name})


def _names(passage: Passage, record: Record, ids: Sequence[int], language: str, *, every: bool = False) -> list[int]:
    """Which of the organizations the passage names by their full names; as often as it does when `every`.

    A name inside a longer one that is named there is not one (`沈河区` in `沈河区外办`).
    """
    known = {each: record.unit_name(each, language) for each in record.units}
    taken: list[tuple[int, int]] = []
    found: list[int] = []
    for each, name in sorted(known.items(), key=lambda pair: -len(pair[1])):
        for match in whole(name).finditer(passage.text) if name else ():
            if not any(start <= match.start() < end for start, end in taken):
                taken.append(match.span())
                found += [each] if each in ids else []
    return found if every else list(dict.fromkeys(found))


def _is_report(text: str, language: str) -> bool:
    return "汇报" in text if language == "zh" else "report" in text.lower()


def _named(passage: Passage, guest: Guest, name: str, titles: set[str], record: Record) -> Iterator[Finding]:
    language = passage.field[-2:]
    alike = [each for each in record.guests if each.name[language] == name]
    if not any(each.is_present for each in alike) and record.present:
        message = _("By the record “%(name)s” was not present.", name=name)
        yield Finding(Kind.PERSON, passage.field, name, message)
        return
    own = {each.title[language] for each in alike}
    for match in whole(name).finditer(passage.text):
        width = BESIDE[language]
        beside = passage.text[max(0, match.start() - width) : match.end() + width].casefold()
        near = {title for title in titles if title.casefold() in beside}
        if near and own and not any(title and title.casefold() in beside for title in own):
            title = max(near, key=len)
            message = _("“%(name)s” stands beside “%(post)s”; by the record the post is “%(own)s”.")
            told = message % {"name": name, "post": title, "own": next(iter(own)) or "–"}
            yield Finding(Kind.PERSON, passage.field, name, told)
            return
