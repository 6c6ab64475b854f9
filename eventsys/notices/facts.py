"""The facts of a record as words of a notice, in one language: what sentences are filled with and held to.

Nobody is named but a speaker, and that only by an office's own sentence; people appear by organization and post.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from eventsys.agenda.models import AgendaKind
from eventsys.attendance.states import RollState
from eventsys.core.clock import to_local
from eventsys.core.formats import date_short, weekday_name
from eventsys.core.language import current_language, ngettext, use_language
from eventsys.core.language import gettext as _
from eventsys.core.names import HAN_RUN
from eventsys.invitations.models import PlaceRole
from eventsys.meetings.models import Meeting
from eventsys.notices.queries.record import Guest, Item, Record

MOST_POSTS = 4
PLANS = frozenset({AgendaKind.PLAN})
TALKS = frozenset({AgendaKind.OPENING, AgendaKind.STUDY, AgendaKind.SPEECH, AgendaKind.CLOSING, AgendaKind.OTHER})
UNTOLD = frozenset({AgendaKind.WORK_REPORT, AgendaKind.BREAK})

Facts = dict[str, str]


def facts_in(record: Record, language: str) -> Facts:
    """Words by fact, without those that the record does not have in this language.

    Facts of one agenda item end in its id: `speaker:7`, `speaker_name:7`, `item:7`.
    """
    with use_language(language):
        found = {
            **_of_meeting(record.meeting),
            **_of_people(record),
            **_of_agenda(record),
            **_of_speakers(record),
        }
    return {key: words for key, words in found.items() if words}


def attended(record: Record) -> str:
    """Who came by organization and post, in the current language; organizations with the same posts together."""
    language = current_language()
    posts: dict[int, list[str]] = {}
    for guest in record.present:
        name = record.unit_name(guest.organization_id, language)
        if guest.organization_id is None or not name:
            continue
        titles = posts.setdefault(guest.organization_id, [])
        title = post_of(guest, name)
        if title and title not in titles:
            titles.append(title)
    alike: dict[tuple[str, ...], list[str]] = {}
    for organization_id, titles in posts.items():
        key = tuple(titles) if len(titles) < MOST_POSTS else ()
        alike.setdefault(key, []).append(record.unit_name(organization_id, language))
    return _("; ").join(_group(titles, names) for titles, names in alike.items())


def joined(names: Sequence[str]) -> str:
    """`甲、乙、丙`; `A, B and C`."""
    if current_language() == "zh":
        return "、".join(names)
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def post_of(guest: Guest, organization: str) -> str:
    """The post in the current language, "" where the record has none in it; who stood in unannounced has none."""
    if guest.state is RollState.REPRESENTED:
        return _("a representative")
    return _title(guest.title[current_language()] or guest.title["zh"], organization)


def _title(words: str, organization: str) -> str:
    title = words.removeprefix(organization).strip()
    if current_language() == "en":
        if HAN_RUN.search(title):
            return ""
        return title[:1].lower() + title[1:] if title[1:2].islower() else title
    return title


def _of_meeting(meeting: Meeting) -> Facts:
    language = current_language()
    day = date_short(meeting.starts_at, meeting.zone)
    return {
        "day": day,
        "date": day.removeprefix(f"{to_local(meeting.starts_at, meeting.zone).year}年")
        if language == "zh"
        else day[:-5],
        "weekday": weekday_name(meeting.starts_at, meeting.zone),
        "office": getattr(meeting.convener, f"name_{language}"),
        "meeting": getattr(meeting, f"title_{language}"),
        "place": getattr(meeting, f"venue_{language}"),
    }


def _of_people(record: Record) -> Facts:
    chairs = [guest for guest in record.present if guest.role is PlaceRole.CHAIR]
    people, units = len(record.present), len(record.present_units)
    return {
        "attended": attended(record),
        "people": ngettext("%(num)s person", "%(num)s people", people) if people else "",
        "units": ngettext("%(num)s organization", "%(num)s organizations", units) if units else "",
        "chair": joined([words for words in (_guest(record, guest) for guest in chairs) if words]),
    }


def _of_agenda(record: Record) -> Facts:
    names = [record.unit_name(each, current_language()) for each in record.reporters]
    names = [name for name in names if name]
    number = len(record.reporters)
    telling = {item.id for item in record.items if item.kind in TALKS and speaker_of(record, item)[0]}
    of = {
        "discussed": [item for item in record.items if item.kind is AgendaKind.DISCUSSION],
        "planned": [item for item in record.items if item.kind in PLANS],
        "agenda": [
            item
            for item in record.items
            if item.kind in {AgendaKind.STUDY, AgendaKind.SPEECH, AgendaKind.OTHER} and item.id not in telling
        ],
    }
    return {
        "reporters": joined(names),
        "reports": ngettext("%(num)s organization", "%(num)s organizations", number) if number > 1 else "",
        "purpose": _purpose(record),
        **{key: _("; ").join(_titles(items)) for key, items in of.items()},
    }


def _purpose(record: Record) -> str:
    """To what end the meeting was: from the kinds of its agenda."""
    studied = _titles(item for item in record.items if item.kind is AgendaKind.STUDY)
    clauses = (
        [_("study %(what)s", what=joined([_("“%(title)s”", title=title) for title in studied]))] if studied else []
    )
    if record.reporters:
        clauses.append(_("hear work reports"))
    if any(item.kind is AgendaKind.DISCUSSION for item in record.items):
        clauses.append(_("discuss what is common to all"))
    if any(item.kind in PLANS for item in record.items):
        clauses.append(_("plan the next steps"))
    return "，".join(clauses) if current_language() == "zh" else joined(clauses)


def _of_speakers(record: Record) -> Facts:
    found: Facts = {}
    for item in record.items:
        post, name = speaker_of(record, item)
        title = item.title[current_language()]
        if item.kind in TALKS and post and title:
            found |= {f"speaker:{item.id}": post, f"item:{item.id}": title, f"speaker_name:{item.id}": name}
    return found


def speaker_of(record: Record, item: Item) -> tuple[str, str]:
    """Organization and post, and the name, of who presented; ("", "") for somebody who was not there."""
    language = current_language()
    if item.person_id is not None:
        guest = next((each for each in record.guests if each.person_id == item.person_id), None)
        if guest is not None:
            return (_guest(record, guest), guest.name[language]) if guest.is_present else ("", "")
        if item.person_id in record.posts:
            organization_id, title, name = record.posts[item.person_id]
            return _of_unit(record.unit_name(organization_id, language), title[language]), name[language]
    if item.organization_id is not None:
        known = item.organization_id in {guest.organization_id for guest in record.guests}
        there = not known or item.organization_id in record.present_units
        return (record.unit_name(item.organization_id, language) if there else "", "")
    return item.presenter[language], ""


def _guest(record: Record, guest: Guest) -> str:
    name = record.unit_name(guest.organization_id, current_language())
    return _of_unit(name, post_of(guest, name))


def _of_unit(organization: str, title: str) -> str:
    if not organization or not title:
        return organization or title
    words = _title(title, organization)
    return _("%(posts)s of %(organizations)s", posts=words, organizations=organization) if words else organization


def _group(titles: tuple[str, ...], organizations: Sequence[str]) -> str:
    if not titles:
        return _("staff of %(organizations)s", organizations=joined(organizations))
    return _("%(posts)s of %(organizations)s", posts=joined(titles), organizations=joined(organizations))


def _titles(items: Iterable[Item]) -> list[str]:
    return [item.title[current_language()] for item in items if item.title[current_language()]]
