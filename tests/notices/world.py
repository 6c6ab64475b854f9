"""An office with a concluded meeting, its people, and the ways of its notice; shared by the tests of this room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from eventsys.accounts.models import Account
from eventsys.accounts.queries import load_actor
from eventsys.agenda.models import AgendaItem, AgendaKind
from eventsys.attendance.models import DoorAct, DoorEvent
from eventsys.core.actor import Actor, Role
from eventsys.core.transaction import write
from eventsys.directory.models import Organization, OrganizationKind, Person
from eventsys.meetings.models import Meeting, MeetingState, Visibility
from eventsys.notices import operations as verbs
from eventsys.notices.models import Notice, NoticeVersion
from eventsys.notices.text import NoticeText
from tests import factories

STARTS = datetime(2024, 8, 22, 1, 0, tzinfo=UTC)
ENDS = datetime(2024, 8, 22, 3, 30, tzinfo=UTC)
TEXT = NoticeText(
    title_zh="全市外办主任会议召开",
    title_en="City’s foreign affairs offices meet",
    body_zh="<p>8月22日（周四），全市外办主任会议召开。</p><p>会议听取了工作汇报。</p>",
    body_en="<p>The offices met on Thursday 22 August.</p><p>They heard reports.</p>",
    author_zh="某某",
    author_en="Official A",
    department_zh="综合处",
    department_en="General Affairs Division",
    attended_zh="各区外办主任",
    attended_en="Foreign affairs directors",
)


class Anyway(dict[str, str]):
    """A word for every finding of the check."""

    def get(self, key: str, default: str | None = None) -> str:  # type: ignore[override]
        return "经核实无误"


ANYWAY = Anyway()


@dataclass
class World:
    """An office with staff (each an actor with an account), a concluded meeting, and an office elsewhere."""

    office: Organization
    meeting: Meeting
    accounts: dict[str, Account]
    actors: dict[str, Actor]
    elsewhere: Organization

    def __getitem__(self, name: str) -> Actor:
        return self.actors[name]


def world(**facts: object) -> World:
    """`organizer`, `editor`, `other_editor`, `approver`, `both` (editor and approver), `administrator`, `member`, and
    `stranger_editor` of another office."""
    office = factories.organization(
        "沈阳市人民政府外事办公室", kind=OrganizationKind.OFFICE, name_en="Shenyang Foreign Affairs Office"
    )
    elsewhere = factories.organization("别处", kind=OrganizationKind.OFFICE, name_en="Elsewhere")
    held = {
        "organizer": [(Role.ORGANIZER, office)],
        "editor": [(Role.EDITOR, office)],
        "other_editor": [(Role.EDITOR, office)],
        "approver": [(Role.APPROVER, office)],
        "both": [(Role.EDITOR, office), (Role.APPROVER, office)],
        "administrator": [(Role.ADMINISTRATOR, None)],
        "member": [],
        "stranger_editor": [(Role.EDITOR, elsewhere), (Role.APPROVER, elsewhere)],
    }
    accounts = {}
    for name, roles in held.items():
        person = factories.person(name_en=name)
        accounts[name] = factories.account(person)
        for role, of in roles:
            factories.holds(person, role, of)
    meeting = factories.meeting(
        office,
        **{
            "starts_at": STARTS,
            "ends_at": ENDS,
            "state": MeetingState.CONCLUDED,
            "visibility": Visibility.PUBLIC,
            "title_zh": "全市外办主任会议",
            "title_en": "Municipal conference of foreign affairs offices",
            **facts,
        },
    )
    actors = {name: load_actor(account.id) for name, account in accounts.items()}
    return World(office, meeting, accounts, actors, elsewhere)


def agenda_item(
    meeting: Meeting,
    position: int,
    kind: AgendaKind,
    title_zh: str,
    title_en: str,
    of: Organization | None = None,
    speaker: Person | None = None,
) -> None:
    with write() as session:
        session.add(
            AgendaItem(
                meeting_id=meeting.id,
                position=position,
                kind=kind,
                title_zh=title_zh,
                title_en=title_en,
                minutes=10,
                presenter_organization_id=of.id if of else None,
                presenter_person_id=speaker.id if speaker else None,
            )
        )


def came(
    meeting: Meeting, of: Organization, title_zh: str, title_en: str, act: DoorAct | None = DoorAct.ARRIVED
) -> None:
    """Somebody of the organization was asked, and came (or did not, when `act` is None)."""
    post = factories.post(of, title_zh, title_en)
    row = factories.attendee(meeting, factories.person(post=post), post=post)
    if act is None:
        return
    with write() as session:
        session.add(
            DoorEvent(
                key=uuid4().hex,
                meeting_id=meeting.id,
                attendee_id=row.id,
                act=act,
                at=meeting.starts_at,
                recorded_at=meeting.starts_at,
                by="door",
                represented_by="x" if act is DoorAct.REPRESENTED else "",
            )
        )


def started(here: World, text: NoticeText = TEXT) -> NoticeVersion:
    with write():
        return verbs.draft_from_record(here.meeting, by=here["editor"], text=text)


def submitted(here: World, text: NoticeText = TEXT) -> NoticeVersion:
    version = started(here, text)
    with write():
        return verbs.submit(version, reasons=ANYWAY, by=here["editor"])


def approved(here: World, text: NoticeText = TEXT) -> NoticeVersion:
    version = submitted(here, text)
    with write():
        return verbs.approve(version, reasons=ANYWAY, by=here["approver"])


def published(here: World, text: NoticeText = TEXT) -> Notice:
    version = approved(here, text)
    with write():
        return verbs.publish(version, by=here["editor"])


def corrected(here: World, notice: Notice, text: NoticeText) -> Notice:
    """The notice with another text published as its correction."""
    with write():
        version = verbs.start_correction(notice, text.correction_zh, text.correction_en, by=here["editor"])
    with write():
        verbs.save_version(version, text, by=here["editor"])
        verbs.submit(version, reasons=ANYWAY, by=here["editor"])
        verbs.approve(version, reasons=ANYWAY, by=here["approver"])
        return verbs.publish(version, by=here["editor"])
