"""What is measured: one page or act each, at the same address in the product and in the limit application."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from eventsys.core.clock import to_local, today
from eventsys.core.tokens import LinkSigner
from tests.bench import rows, subscribed, words
from tests.bench.data import SECRET, SIZES

SMALL, BOTH, FEEDS = ("small",), ("small", "large"), ("feeds",)
OPEN_MEETINGS = [number for number in range(rows.COMING, rows.RECENT + 1) if not rows.is_cancelled(number)]
BARS = {"public": 0.50, "feed": 0.50, "invitee": 0.33, "staff": 0.33, "form": 0.25}
POST_BARS = {"invitee": 0.50}
Request = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Case:
    """One case. `path` is asked for, or `posts` give the paths and bodies that are posted, one after the other.

    `shows` must stand in the answer's text (in the address of a redirect). `staff` is asked by a signed-in organizer,
    `conditional` with the tag of an earlier answer. `sizes` are the databases on which it is measured.
    """

    name: str
    kind: str
    path: str
    shows: str
    staff: bool = False
    conditional: bool = False
    posts: Callable[[str], Iterator[Request]] | None = None
    sizes: tuple[str, ...] = SMALL

    @property
    def status(self) -> int:
        """The answer's status; a redirect's differs between libraries, so any is taken for a POST."""
        return 304 if self.conditional else 200

    @property
    def bar(self) -> float:
        """The least ratio to the limit."""
        return POST_BARS.get(self.kind, BARS[self.kind]) if self.posts else BARS[self.kind]


def cases(size: str) -> list[Case]:
    """All cases that are measured on a database of this size."""
    on = today(rows.ZONE)
    pages = [*_public(size, on), *_personal(), *_feeds(), *_staff(), *_forms()]
    wanted = [case for case in pages if size in case.sizes]
    again = [
        replace(case, name=f"{case.name}, 304", conditional=True, shows="")
        for case in wanted
        if (case.kind == "public" and size == "small") or case.kind == "feed"
    ]
    return wanted + again


def notice_path(size: str, on: date) -> str:
    """The address of the newest notice."""
    published = to_local(rows.published_on(1, SIZES[size], on), rows.ZONE)
    return f"/notices/{published.year}/notice-1"


def link(attendee_id: int) -> str:
    """An attendee's personal address."""
    return "/r/" + LinkSigner([SECRET], "reply").token(rows.link_id(attendee_id))


def _public(size: str, on: date) -> list[Case]:
    meeting, last = rows.COMING, rows.HELD
    title = words.subject(meeting).zh
    held = words.subject(last).zh
    return [
        Case("notice page", "public", notice_path(size, on), f"{held}召开", sizes=BOTH),
        # A parameter that no page has keeps it from being taken as it was rendered before.
        Case("notice page, rendered anew", "public", notice_path(size, on) + "?of=1", f"{held}召开"),
        Case("meeting page", "public", f"/meetings/{meeting}", title, sizes=BOTH),
        Case("meeting list", "public", "/meetings/", title, sizes=BOTH),
        Case("notice list", "public", "/notices/", f"{held}召开", sizes=BOTH),
        Case("calendar feed of 200", "public", "/calendar.ics", f"{meeting:08d}-bench@example.org", sizes=BOTH),
        Case("one .ics", "public", f"/meetings/{meeting}.ics", f"{meeting:08d}-bench@example.org"),
        Case("first page", "public", "/", f"{held}召开", sizes=BOTH),
    ]


def _personal() -> list[Case]:
    meeting = rows.COMING
    attendee = next(each for each in rows.attendees_of(meeting) if each % 10 == 9)
    title = words.subject(meeting).zh
    return [
        Case("invitee's page", "invitee", link(attendee), title),
        Case("reply (POST)", "invitee", "/r/", "/r/", posts=_replies),
    ]


def _feeds() -> list[Case]:
    """Calendars of a thousand meetings; the limit reads that many prepared texts and joins them."""
    last = f"{subscribed.FIRST + 999:08d}-bench@example.org"
    signer = LinkSigner([SECRET], "calendar")
    own, theirs = (f"/calendar/{signer.token(each)}.ics" for each in (subscribed.OWN, subscribed.OF_ORGANIZATION))
    return [
        Case("public feed of 1,000", "feed", "/calendar.ics", last, sizes=FEEDS),
        Case("own feed of 1,000", "feed", own, last, sizes=FEEDS),
        Case("organization's of 1,000", "feed", theirs, last, sizes=FEEDS),
    ]


def _staff() -> list[Case]:
    meeting, big = rows.COMING, rows.BIG
    title, big_title, newest = words.subject(meeting).zh, words.subject(big).zh, words.subject(200).zh
    base, large = f"/workspace/meetings/{meeting}", f"/workspace/meetings/{big}"
    matrix, matrix_title = f"/workspace/meetings/{rows.MATRIX}", words.subject(rows.MATRIX).zh
    return [
        Case("workspace home", "staff", "/workspace/", words.subject(rows.IN_SESSION).zh, staff=True, sizes=BOTH),
        Case(
            "staff's meeting list",
            "staff",
            "/workspace/meetings/?show=all",
            newest,
            staff=True,
            sizes=BOTH,
        ),
        Case("meeting overview, 60", "staff", f"{base}/", title, staff=True),
        Case("meeting overview, 2,000", "staff", f"{large}/", big_title, staff=True),
        Case("invitations, 60", "staff", f"{base}/invitations/", title, staff=True),
        Case("invitations, 2,000", "staff", f"{large}/invitations/", big_title, staff=True),
        Case("matrix of 120 organizations, 3 posts", "staff", f"{matrix}/invitations/", matrix_title, staff=True),
        Case("letters of a meeting", "staff", f"{base}/letters", title, staff=True),
        Case("attendance", "staff", f"/workspace/meetings/{rows.IN_SESSION}/attendance", "", staff=True),
    ]


def _forms() -> list[Case]:
    title = words.subject(rows.DRAFT).zh
    return [
        Case("new meeting (form)", "form", "/workspace/meetings/new", 'name="title_zh"', staff=True),
        Case(
            "edit draft (form)",
            "form",
            f"/workspace/meetings/{rows.DRAFT}/edit",
            title,
            staff=True,
        ),
        Case("save draft (POST)", "form", "/workspace/meetings/new", "/workspace/meetings/", staff=True, posts=_drafts),
    ]


def _replies(_token: str) -> Iterator[Request]:
    """Every invitee of the coming meetings answers, and then another way; the whole round, once."""
    marks = LinkSigner([SECRET], "reply-form")
    for answer in ("accepted", "tentative"):
        for meeting_id in OPEN_MEETINGS:
            for attendee_id in rows.attendees_of(meeting_id):
                mark = marks.token(rows.link_id(attendee_id))
                yield link(attendee_id), urlencode({"mark": mark, "seen": 0, "answer": answer, "comment": ""})


def _drafts(token: str) -> Iterator[Request]:
    day = today(rows.ZONE) + timedelta(days=30)
    fields = {
        "csrf_token": token,
        "version": "",
        "title_zh": words.SUBJECTS[0].zh,
        "title_en": words.SUBJECTS[0].en,
        "kind": "conference",
        "convener_id": rows.OFFICE,
        "date": day.isoformat(),
        "starts": "09:00",
        "ends": "11:30",
        "end_date": "",
        "zone": rows.ZONE,
        "venue_zh": words.VENUES[0].zh,
        "venue_en": words.VENUES[0].en,
        "address_zh": words.ADDRESS.zh,
        "address_en": words.ADDRESS.en,
        "online_url": "",
        "reply_date": (day - timedelta(days=2)).isoformat(),
        "reply_time": "17:00",
        "visibility": "participants",
        "contact_name": "综合处",
        "contact_phone": "024-22700001",
        "contact_email": "meetings@example.org",
        "notes_zh": "请着正装，提前十分钟到场。",
        "notes_en": "Formal dress.",
    }
    yield "/workspace/meetings/new", urlencode(fields)
