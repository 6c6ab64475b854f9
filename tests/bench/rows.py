"""The rows of a benchmark's database, by table, as the product's verbs would have written them.

200 meetings lie around today (140 held, one in session, 59 coming), all public, with 60 invitations and 15 agenda items
each. Behind them stand `BIG` (2,000 invitations), `PREPARED` (2,000 prepared), `THIRTY`, `ONE`, `DRAFT` and `MATRIX`
(three posts of each of 120 organizations, which have no others), then what
`meetings` adds back over the years, with agendas of one item and no invitations.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from eventsys.accounts.models import Account, HeldRole
from eventsys.agenda.models import AgendaItem, AgendaKind
from eventsys.attendance.models import DoorAct, DoorEvent
from eventsys.core.actor import Channel, Role
from eventsys.core.outbox import Letter, LetterBatch, LetterState
from eventsys.core.search_text import index_text
from eventsys.core.stamps import MEETINGS, NOTICES, OFFICES, Stamp
from eventsys.directory.models import Appointment, Organization, OrganizationKind, Person, Post, PostKind
from eventsys.directory.words import refresh_organization, refresh_person, refresh_post
from eventsys.invitations.models import Attendee, Leave, Place, PlaceRole, Reply, ReplyEvent
from eventsys.meetings.calendar import prepare_calendar
from eventsys.meetings.models import Meeting, MeetingKind, MeetingState, Visibility
from eventsys.notices.models import Notice, NoticeState, NoticeVersion, VersionState
from tests.bench import words

Row = dict[str, Any]
Table = tuple[type[Any], Iterator[Row]]

ZONE = "Asia/Shanghai"
RECENT, HELD, INVITED, ITEMS, PEOPLE = 200, 140, 60, 15, 2100
IN_SESSION, COMING = HELD + 1, HELD + 11
BIG, PREPARED, THIRTY, ONE, DRAFT, MATRIX, FIRST_EARLIER = 201, 202, 203, 204, 205, 206, 207
ASKED, POSTS_ASKED = 120, 3
INVITATIONS = {
    **dict.fromkeys(range(1, RECENT + 1), INVITED),
    **{BIG: 2000, PREPARED: 2000, THIRTY: 30, ONE: 1, MATRIX: ASKED * POSTS_ASKED},
}
OFFICE, CITY, ASSOCIATION = 2, 1, 3
ORGANIZER, EDITOR, APPROVER, ADMINISTRATOR, LIAISON = 1, 2, 3, 4, 5
STAFF_ROLES = {
    ORGANIZER: (Role.ORGANIZER, OFFICE),
    EDITOR: (Role.EDITOR, OFFICE),
    APPROVER: (Role.APPROVER, OFFICE),
    ADMINISTRATOR: (Role.ADMINISTRATOR, None),
    LIAISON: (Role.LIAISON, 4),
}


def tables(meetings: int, today: date) -> Iterator[Table]:
    """Every table with its rows, in the order in which they can be inserted."""
    organizations = _organizations()
    asked = _asked_organizations(len(organizations) + 1)
    yield Organization, map(plain, organizations + asked)
    yield PostKind, _post_kinds()
    posts = _posts(organizations) + _asked_posts(asked)
    yield Post, map(plain, posts)
    people = _people()
    yield Person, map(plain, people)
    yield Appointment, _appointments()
    yield Account, _accounts(today)
    yield HeldRole, _roles()
    yield Meeting, _meetings(meetings, today, organizations[OFFICE - 1])
    yield AgendaItem, _agenda(meetings)
    yield Place, _places(posts)
    yield Attendee, _attendees(today, posts, people)
    yield ReplyEvent, _answers(today)
    yield DoorEvent, _marks(today)
    yield LetterBatch, _batches(today)
    yield Letter, _letters(today, posts, people)
    yield Notice, _notices(meetings, today)
    yield NoticeVersion, _versions(meetings, today)
    yield Stamp, ({"name": name, "number": 1} for name in (MEETINGS, NOTICES, OFFICES))


def link_id(attendee_id: int) -> str:
    """The public half of an attendee's link, known beforehand."""
    return f"{attendee_id:07d}".replace("0", "a").replace("1", "b").replace("8", "c").replace("9", "d").ljust(26, "x")


def attendees_of(meeting_id: int) -> range:
    """The ids of a meeting's attendees; places have the same."""
    first = 1 + sum(number for each, number in INVITATIONS.items() if each < meeting_id)
    return range(first, first + INVITATIONS[meeting_id])


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """The instant of a wall-clock time at the office."""
    return datetime.combine(day, time(hour, minute), ZoneInfo(ZONE)).astimezone(UTC)


def day_of(meeting_id: int, today: date) -> date:
    """On which day a meeting is: held ones every other day back, coming ones every other day ahead."""
    if meeting_id <= HELD:
        return today - timedelta(days=2 * (HELD + 1 - meeting_id))
    if meeting_id <= RECENT:
        return today + timedelta(days=2 * (meeting_id - IN_SESSION))
    if meeting_id < FIRST_EARLIER:
        return today + timedelta(days=20 + meeting_id - BIG)
    return today - timedelta(days=420 + (meeting_id - FIRST_EARLIER) // 4)


def plain(row: Any) -> Row:
    """A model's values as a row for a bulk insert, every column with its default."""
    values = {column.key: getattr(row, column.key) for column in type(row).__mapper__.column_attrs}
    defaults = {column.key: column.default.arg for column in type(row).__table__.columns if column.default is not None}
    return {key: defaults.get(key) if value is None else value for key, value in values.items()}


def _organizations() -> list[Organization]:
    kinds = OrganizationKind
    found = [
        _organization(1, None, kinds.CITY, words.Pair("沈阳市", "Shenyang")),
        _organization(2, 1, kinds.OFFICE, words.Pair("沈阳市人民政府外事办公室", "Shenyang Foreign Affairs Office")),
        _organization(3, 1, kinds.ASSOCIATION, words.Pair("沈阳市友好协会", "Shenyang Friendship Association")),
    ]
    found += [_organization(4 + n, 1, kinds.DISTRICT, name) for n, name in enumerate(words.DISTRICTS)]
    number = count(len(found) + 1)
    for parent, name in enumerate(words.DISTRICTS, 4):
        found += [
            _organization(next(number), parent, kinds.OFFICE, words.Pair(name.zh + each.zh, f"{name.en} {each.en}"))
            for each in words.SECTIONS
        ]
    return found


def _asked_organizations(first: int) -> list[Organization]:
    """The offices that `MATRIX` asks, below the districts in turn."""
    return [
        _organization(
            first + number,
            4 + number % len(words.DISTRICTS),
            OrganizationKind.OFFICE,
            words.Pair(f"第{number + 1}街道办事处", f"Subdistrict office {number + 1}"),
        )
        for number in range(ASKED)
    ]


def _organization(number: int, parent: int | None, kind: OrganizationKind, name: words.Pair) -> Organization:
    above = {None: "/", 1: "/1/"}.get(parent, f"/1/{parent}/")
    row = Organization(
        id=number,
        parent_id=parent,
        path=f"{above}{number}/",
        kind=kind,
        position=number,
        name_zh=name.zh,
        name_en=name.en,
        short_zh="",
        short_en="",
        address_zh=words.ADDRESS.zh,
        address_en=words.ADDRESS.en,
        phone="024-22700000",
        email=f"office{number}@example.org",
    )
    refresh_organization(row)
    return row


def _post_kinds() -> Iterator[Row]:
    for number, title in enumerate(words.TITLES, 1):
        yield {"id": number, "name_zh": title.zh, "name_en": title.en, "position": number, "version": 1}


def _posts(organizations: list[Organization]) -> list[Post]:
    each = PEOPLE // len(organizations)
    found = []
    for number in range(PEOPLE):
        office = organizations[number // each]
        title = words.TITLES[number % len(words.TITLES)]
        row = Post(
            id=number + 1,
            organization_id=office.id,
            kind_id=number % len(words.TITLES) + 1,
            title_zh=title.zh,
            title_en=title.en,
            position=number % each,
        )
        refresh_post(row, office, None)
        found.append(row)
    return found


def _asked_posts(organizations: list[Organization]) -> list[Post]:
    found = []
    for number in range(ASKED * POSTS_ASKED):
        office, title = organizations[number // POSTS_ASKED], words.TITLES[number % POSTS_ASKED]
        row = Post(
            id=PEOPLE + number + 1,
            organization_id=office.id,
            kind_id=number % POSTS_ASKED + 1,
            title_zh=title.zh,
            title_en=title.en,
            position=number % POSTS_ASKED,
        )
        refresh_post(row, office, None)
        found.append(row)
    return found


def _people() -> list[Person]:
    found = []
    for number in range(1, PEOPLE + ASKED * POSTS_ASKED + 1):
        name = words.person(number)
        row = Person(
            id=number,
            name_zh=name.zh,
            name_en=name.en,
            email=f"person{number}@example.org",
            phone=f"139{number:08d}",
            note="",
        )
        refresh_person(row)
        found.append(row)
    return found


def _appointments() -> Iterator[Row]:
    for number in range(1, PEOPLE + ASKED * POSTS_ASKED + 1):
        yield {"id": number, "person_id": number, "post_id": number, "starts_on": date(2015, 1, 1), "version": 1}


def _accounts(today: date) -> Iterator[Row]:
    for number in range(1, 301):
        yield {
            "id": number,
            "person_id": number,
            "email": f"person{number}@example.org",
            "active": True,
            "fs_uniquifier": f"account{number}",
            "created_at": at(today - timedelta(days=500), 9),
        }


def _roles() -> Iterator[Row]:
    for number, (role, organization) in STAFF_ROLES.items():
        yield {"id": number, "person_id": number, "role": role, "organization_id": organization}


def _meetings(meetings: int, today: date, office: Organization) -> Iterator[Row]:
    for number in (*range(1, FIRST_EARLIER), *range(FIRST_EARLIER, FIRST_EARLIER + meetings - RECENT)):
        yield _meeting(number, today, office)


def _meeting(number: int, today: date, office: Organization) -> Row:
    earlier = number >= FIRST_EARLIER
    return finished(meeting(number, today, office)) | {
        "convener_id": ASSOCIATION if earlier and number % 10 == 0 else OFFICE
    }


def finished(row: Meeting) -> Row:
    """A meeting as a row, with its prepared texts."""
    prepare_calendar(row)
    return plain(row)


def meeting(number: int, today: date, office: Organization) -> Meeting:
    """One meeting as its verbs would have left it, without its prepared texts."""
    day, title = day_of(number, today), words.subject(number)
    venue, created = words.VENUES[number % len(words.VENUES)], at(day - timedelta(days=30), 9)
    earlier = number >= FIRST_EARLIER
    row = Meeting(
        id=number,
        uid=f"{number:08d}-bench@example.org",
        sequence=0,
        postponed=False,
        state=_state(number),
        kind=list(MeetingKind)[number % 6],
        convener_id=ASSOCIATION if earlier and number % 10 == 0 else OFFICE,
        title_zh=title.zh,
        title_en=title.en,
        starts_at=at(day, 0 if number == IN_SESSION else 9 + number % 4),
        ends_at=at(day, 23 if number == IN_SESSION else 11 + number % 4, 30),
        zone=ZONE,
        venue_zh=venue.zh,
        venue_en=venue.en,
        address_zh=words.ADDRESS.zh,
        address_en=words.ADDRESS.en,
        online_url="",
        visibility=_visibility(number),
        reply_by=at(day - timedelta(days=1), 17),
        contact_name="市外办综合处",
        contact_phone="024-22700001",
        contact_email="meetings@example.org",
        notes_zh="请着正装，提前十分钟到场。",
        notes_en="Formal dress; please be there ten minutes early.",
        reason_zh="因防汛工作需要。" if _state(number) is MeetingState.CANCELLED else "",
        reason_en="Because of flood control." if _state(number) is MeetingState.CANCELLED else "",
        created_at=created,
        modified_at=created + timedelta(days=1),
        scheduled_at=None if number == DRAFT else created + timedelta(days=1),
        started_at=at(day, 9) if _state(number) in (MeetingState.IN_SESSION, MeetingState.CONCLUDED) else None,
        concluded_at=at(day, 18) if _state(number) is MeetingState.CONCLUDED else None,
        roll_closed_at=at(day, 18) if _state(number) is MeetingState.CONCLUDED else None,
        cancelled_at=created + timedelta(days=2) if _state(number) is MeetingState.CANCELLED else None,
        search_text=index_text(title.zh, title.en, venue.zh, venue.en),
    )
    row.convener = office
    return row


def is_cancelled(number: int) -> bool:
    """Every seventeenth meeting."""
    return number % 17 == 0 and not BIG <= number <= MATRIX


def _state(number: int) -> MeetingState:
    if number == IN_SESSION:
        return MeetingState.IN_SESSION
    if number == DRAFT:
        return MeetingState.DRAFT
    if is_cancelled(number):
        return MeetingState.CANCELLED
    if HELD < number < FIRST_EARLIER:
        return MeetingState.SCHEDULED
    return MeetingState.CONCLUDED


def _visibility(number: int) -> Visibility:
    if number <= RECENT:
        return Visibility.PUBLIC
    return Visibility.PUBLIC if number >= FIRST_EARLIER and number % 5 < 3 else Visibility.PARTICIPANTS


def _agenda(meetings: int) -> Iterator[Row]:
    number = count(1)
    for meeting_id in range(1, FIRST_EARLIER + meetings - RECENT):
        for position in range(ITEMS if meeting_id < FIRST_EARLIER else 1):
            kind, minutes, title = words.ITEMS[(position + (0 if position == 0 else meeting_id)) % len(words.ITEMS)]
            yield {
                "id": next(number),
                "meeting_id": meeting_id,
                "position": position,
                "kind": AgendaKind(kind),
                "title_zh": title.zh,
                "title_en": title.en,
                "minutes": minutes,
                "presenter_organization_id": OFFICE + position if position % 3 == 0 else None,
                "presenter_person_id": None,
                "presenter_zh": "有关单位负责人" if position % 3 == 1 else "",
                "presenter_en": "Those in charge" if position % 3 == 1 else "",
                "note_zh": "",
                "note_en": "",
                "version": 1,
            }


def _invitations() -> Iterator[tuple[int, int, int, int]]:
    """Meeting, attendee (and place), post (and person), position; each meeting asks others of the directory."""
    for meeting_id, number in INVITATIONS.items():
        step = max(1, PEOPLE // number)
        for position, attendee_id in enumerate(attendees_of(meeting_id)):
            own = PEOPLE + position if meeting_id == MATRIX else (position * step + meeting_id) % PEOPLE
            yield meeting_id, attendee_id, own + 1, position


def _places(posts: list[Post]) -> Iterator[Row]:
    for meeting_id, place_id, post_id, position in _invitations():
        yield {
            "id": place_id,
            "meeting_id": meeting_id,
            "organization_id": posts[post_id - 1].organization_id,
            "post_id": post_id,
            "role": PlaceRole.REQUIRED,
            "position": position,
            "walk_in": False,
            "created_at": datetime(2024, 1, 1, tzinfo=UTC),
        }


def _answer(meeting_id: int, attendee_id: int) -> tuple[Reply, Leave]:
    """Of ten invited six accept, one asks leave or is granted it, one declines, one is unsure, one is silent."""
    if meeting_id == PREPARED:
        return Reply.PENDING, Leave.NONE
    leave = Leave.GRANTED if attendee_id % 20 < 10 else Leave.REQUESTED
    rare = {6: (Reply.DECLINED, leave), 7: (Reply.DECLINED, Leave.NONE), 8: (Reply.TENTATIVE, Leave.NONE)}
    rare[9] = (Reply.PENDING, Leave.NONE)
    return rare.get(attendee_id % 10, (Reply.ACCEPTED, Leave.NONE))


def _attendees(today: date, posts: list[Post], people: list[Person]) -> Iterator[Row]:
    for meeting_id, attendee_id, post_id, _position in _invitations():
        reply, leave = _answer(meeting_id, attendee_id)
        told = None if meeting_id == PREPARED else at(day_of(meeting_id, today) - timedelta(days=21), 10)
        told = min(told, at(today, 0)) if told else None
        who, post = people[post_id - 1], posts[post_id - 1]
        yield {
            "id": attendee_id,
            "meeting_id": meeting_id,
            "place_id": attendee_id,
            "person_id": post_id,
            "name_zh": who.name_zh,
            "name_en": who.name_en,
            "title_zh": post.title_zh,
            "title_en": post.title_en,
            "email": who.email,
            "phone": who.phone,
            "language": "en" if attendee_id % 10 == 5 else "zh",
            "is_current": True,
            "link_id": link_id(attendee_id),
            "told_at": told,
            "told_sequence": 0 if told else None,
            "reply": reply,
            "leave": leave,
            "comment": "因公出差。" if reply is Reply.DECLINED else "",
            "replied_at": told + timedelta(hours=2) if told and reply is not Reply.PENDING else None,
            "replied_by": who.name_zh if reply is not Reply.PENDING else "",
            "reply_channel": Channel.LINK if reply is not Reply.PENDING else None,
            "leave_decided_by": "",
            "leave_note": "",
            "created_at": datetime(2024, 1, 1, tzinfo=UTC),
            "version": 1,
        }


def _answers(today: date) -> Iterator[Row]:
    number = count(1)
    for meeting_id, attendee_id, _post_id, _position in _invitations():
        reply, leave = _answer(meeting_id, attendee_id)
        if reply is Reply.PENDING:
            continue
        told = min(at(day_of(meeting_id, today) - timedelta(days=21), 10), at(today, 0))
        yield {
            "id": next(number),
            "attendee_id": attendee_id,
            "meeting_id": meeting_id,
            "at": told + timedelta(hours=2),
            "by": "",
            "account_id": None,
            "channel": Channel.LINK,
            "act": "leave" if leave is not Leave.NONE else reply.value,
            "reply": reply,
            "leave": leave,
            "comment": "因公出差。" if reply is Reply.DECLINED else "",
            "source": "",
            "sequence": 0,
        }


def _marks(today: date) -> Iterator[Row]:
    """Forty have arrived at the meeting in session."""
    for number, attendee_id in enumerate(attendees_of(IN_SESSION)[:40], 1):
        yield {
            "id": number,
            "key": f"bench-{number}",
            "meeting_id": IN_SESSION,
            "attendee_id": attendee_id,
            "act": DoorAct.ARRIVED,
            "at": at(today, 0, number),
            "recorded_at": at(today, 0, number),
            "by": "签到处",
            "account_id": ORGANIZER,
            "represented_by": "",
        }


def _batches(today: date) -> Iterator[Row]:
    for meeting_id in INVITATIONS:
        if meeting_id != PREPARED:
            common = {"meeting_id": meeting_id, "title_zh": words.subject(meeting_id).zh}
            yield {"id": meeting_id, "created_at": at(today - timedelta(days=300), 10), "common": common}


def _letters(today: date, posts: list[Post], people: list[Person]) -> Iterator[Row]:
    for meeting_id, attendee_id, post_id, _position in _invitations():
        if meeting_id == PREPARED:
            continue
        told = min(at(day_of(meeting_id, today) - timedelta(days=21), 10), at(today, 0))
        who = people[post_id - 1]
        yield {
            "id": attendee_id,
            "batch_id": meeting_id,
            "key": f"invitation:{attendee_id}:s0",
            "kind": "invitation",
            "facts": {"link_id": link_id(attendee_id), "attendee_id": attendee_id},
            "language": "zh",
            "recipient": who.name_zh,
            "address": who.email,
            "meeting_id": meeting_id,
            "attendee_id": attendee_id,
            "organization_id": posts[post_id - 1].organization_id,
            "state": LetterState.SENT,
            "queued_at": told,
            "due_at": told,
            "attempts": 1,
            "sent_at": told + timedelta(minutes=1),
            "reason": "",
        }


def _meeting_of(notice_id: int, meetings: int) -> int:
    """The newest notice belongs to the last meeting that was held, and so back; then from the start again."""
    held = [*range(HELD, 0, -1)]
    if notice_id <= len(held):
        return held[notice_id - 1]
    return FIRST_EARLIER + notice_id - len(held) - 1 if meetings > RECENT else held[(notice_id - 1) % len(held)]


def published_on(notice_id: int, meetings: int, today: date) -> datetime:
    return at(day_of(min(_meeting_of(notice_id, meetings), FIRST_EARLIER + meetings), today), 18, notice_id % 60)


def _notices(meetings: int, today: date) -> Iterator[Row]:
    for number in range(1, meetings + 1):
        published = published_on(number, meetings, today)
        yield {
            "id": number,
            "meeting_id": min(_meeting_of(number, meetings), FIRST_EARLIER + meetings - RECENT - 1),
            "convener_id": OFFICE,
            "state": NoticeState.PUBLISHED,
            "year": published.year,
            "slug": f"notice-{number}",
            "published_id": number,
            "published_at": published,
            "modified_at": published,
            "withdrawn_reason_zh": "",
            "withdrawn_reason_en": "",
            "created_at": published,
            "version": 1,
        }


def _versions(meetings: int, today: date) -> Iterator[Row]:
    bodies = [words.body(step) for step in range(len(words.PARAGRAPHS))]
    known = [index_text(*(text.replace("<p>", " ").replace("</p>", " ") for text in body)) for body in bodies]
    for number in range(1, meetings + 1):
        published = published_on(number, meetings, today)
        title = words.subject(_meeting_of(number, meetings))
        body = bodies[number % len(bodies)]
        yield {
            "id": number,
            "notice_id": number,
            "number": 1,
            "state": VersionState.PUBLISHED,
            "title_zh": f"{title.zh}召开",
            "title_en": f"{title.en}: summary",
            "body_zh": body.zh,
            "body_en": body.en,
            "author_zh": "王芳",
            "author_en": "Wang Fang",
            "department_zh": "综合处",
            "department_en": "General Division",
            "attended_zh": "各区县（市）外办主任、驻沈有关单位负责人。",
            "attended_en": "Foreign affairs directors of the districts and counties.",
            "correction_zh": "",
            "correction_en": "",
            "created_at": published,
            "modified_at": published,
            "submitted_at": published,
            "approved_at": published,
            "published_at": published,
            "search_text": index_text(f"{title.zh}召开", title.en)[:-1] + known[number % len(bodies)],
            "version": 1,
        }
