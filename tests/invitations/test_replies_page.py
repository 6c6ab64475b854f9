"""The organizer's list of answers and one place's story."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from eventsys.core.actor import Actor, Channel, Role
from eventsys.core.clock import now
from eventsys.core.transaction import write
from eventsys.directory.models import Organization, OrganizationKind
from eventsys.extensions import db
from eventsys.invitations.models import Attendee, Leave, Place, PlaceRole, Reply, ReplyEvent
from eventsys.invitations.operations.answer import answer
from eventsys.invitations.queries import matrix as pictures
from eventsys.invitations.queries import replies
from eventsys.invitations.queries.replies import Counts, Filters, PlaceState
from tests import factories as make
from tests.personas import Browse
from tests.web.forms import post

pytestmark = pytest.mark.usefixtures("chinese")

LINK = Actor(label="本人", channel=Channel.LINK)


@dataclass
class Scene:
    office: Organization
    meeting_id: int
    zone: str
    people: dict[str, int]
    unnamed: int
    organizer: Actor
    approver: Actor
    administrator: Actor
    foreign: Actor

    @property
    def url(self) -> str:
        return f"/workspace/meetings/{self.meeting_id}/invitations/"

    def attendee(self, name: str) -> str:
        return f"/workspace/meetings/{self.meeting_id}/attendees/{self.people[name]}"


@pytest.fixture
def scene(app: Flask) -> Scene:
    """Four districts with two posts each, in every state."""
    office = make.organization("沈阳市外事办公室", kind=OrganizationKind.OFFICE, position=9)
    other = make.organization("别市外办", kind=OrganizationKind.OFFICE, position=9)
    meeting = make.meeting(office)
    deputy, director = make.post_kind("分管副职", "Deputy head"), make.post_kind("外办主任", "Director")
    people: dict[str, int] = {}
    for number, district in enumerate(("和平区", "沈河区", "大东区", "皇姑区")):
        of = make.organization(district, position=number, name_en=f"District {number}")
        for kind, title in ((deputy, "副区长"), (director, "外办主任")):
            held = make.post(of, title, kind=kind)
            row = make.attendee(meeting, make.person(f"{district[:2]}{title}", post=held, phone="024"), post=held)
            people[f"{district}{title}"] = row.id
    for name, reply, leave in (
        ("和平区副区长", Reply.ACCEPTED, False),
        ("和平区外办主任", Reply.TENTATIVE, False),
        ("沈河区副区长", Reply.DECLINED, True),
        ("沈河区外办主任", Reply.DECLINED, False),
    ):
        with write() as session:
            answer(
                session.get_one(Attendee, people[name]),
                reply,
                "出访<b>" if reply is Reply.DECLINED else "",
                leave,
                by=LINK,
            )
    with write() as session:
        session.get_one(Attendee, people["大东区外办主任"]).told_at = None
        session.get_one(Place, session.get_one(Attendee, people["皇姑区外办主任"]).place_id).role = PlaceRole.OPTIONAL
        place = Place(meeting_id=meeting.id, organization_id=of.id, told_at=now(), created_at=now(), position=5)
        gone = Place(meeting_id=meeting.id, organization_id=of.id, withdrawn_at=now(), created_at=now())
        session.add_all((place, gone))
    return Scene(
        office,
        meeting.id,
        meeting.zone,
        people,
        place.id,
        make.actor((Role.ORGANIZER, office), label="秘书处"),
        make.actor((Role.APPROVER, office), label="领导"),
        make.actor((Role.ADMINISTRATOR, None), label="管理员"),
        make.actor((Role.ORGANIZER, other)),
    )


WHOLE = Counts(
    accepted=1, tentative=1, leave_requested=1, declined=1, no_reply=2, to_be_named=1, prepared=1, optional=1
)


def words_of(page: str) -> str:
    main = page[page.index("<main") :]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)).strip()


def test_counts_rows_and_organizations_agree(scene: Scene) -> None:
    counted = replies.counts(scene.meeting_id)
    rows = replies.rows(scene.meeting_id)
    assert counted == WHOLE
    assert (counted.places, counted.answered, len(rows)) == (9, 4, 9)
    assert [row.organization_zh for row in rows] == ["和平区"] * 2 + ["沈河区"] * 2 + ["大东区"] * 2 + ["皇姑区"] * 3
    by_organization = {each.name_zh: each.counts for each in replies.by_organization(scene.meeting_id)}
    assert by_organization["沈河区"] == Counts(leave_requested=1, declined=1)
    assert by_organization["皇姑区"] == Counts(no_reply=1, optional=1, to_be_named=1)
    for state in PlaceState:
        shown = replies.rows(scene.meeting_id, Filters(show=frozenset({state})))
        assert len(shown) == counted.of(state)


def test_pages_of_rows_follow_by_key(scene: Scene) -> None:
    whole = [row.place_id for row in replies.rows(scene.meeting_id)]
    paged: list[int] = []
    after = None
    while page := replies.rows(scene.meeting_id, after=after, limit=2):
        paged += [row.place_id for row in page]
        after = page[-1].place_id
    assert paged == whole
    assert replies.rows(scene.meeting_id, after=999_999) == []


@pytest.mark.parametrize(
    ("filters", "number"),
    [
        (Filters(q="和平"), 2),
        (Filters(q="heping"), 2),
        (Filters(q="副区长"), 4),
        (Filters(q="%_"), 9),
        (Filters(q="没有"), 0),
        (Filters(needs_me=True), 2),
        (Filters(kind_id=0), 1),
        (Filters(organization_id=0), 0),
    ],
)
def test_filters(scene: Scene, filters: Filters, number: int) -> None:
    assert len(replies.rows(scene.meeting_id, filters)) == number
    assert replies.counts(scene.meeting_id, filters).places == number


def test_the_matrix_gathers_the_same_places(scene: Scene) -> None:
    found = pictures.matrix(scene.meeting_id, Filters(), {})
    assert [(column.name, column.places, column.answered) for column in found.columns] == [
        ("分管副职", 4, 2),
        ("外办主任", 4, 2),
        ("", 1, 0),
    ]
    assert [line.name for line in found.lines] == ["和平区", "沈河区", "大东区", "皇姑区"]
    assert found.counts == WHOLE
    assert [[part.state for part in cell] for cell in found.lines[3].cells] == [
        [PlaceState.NO_REPLY],
        [PlaceState.OPTIONAL],
        [PlaceState.TO_BE_NAMED],
    ]


@pytest.mark.parametrize("who", ["organizer", "approver", "administrator"])
def test_staff_see_the_matrix_and_the_table(browse: Browse, scene: Scene, who: str) -> None:
    client = browse(getattr(scene, who))
    page = client.get(scene.url + "?lang=en").get_data(as_text=True)
    counts = re.findall(r'<li>(?:<a [^>]*>|<span class="zero">)([A-Z][a-z ]+) <(?:b|span)>(\d+|–)</', page)
    assert counts == [
        *(("All", "9"), ("Accepted", "1"), ("Substitute", "–"), ("Tentative", "1"), ("Leave requested", "1")),
        *(("On leave", "–"), ("Declined", "1"), ("No reply", "2"), ("To be named", "1"), ("Prepared", "1")),
        ("Free to come", "1"),
    ]
    assert "2 of 4" in page
    table = client.get(scene.url + "?view=table&show=declined&lang=en").get_data(as_text=True)
    assert len(re.findall("<tr><td>", table)) == 1
    assert "出访&lt;b&gt;" in table


def test_contacts_only_for_those_who_may_see_them(browse: Browse, scene: Scene) -> None:
    for who, seen in ((scene.organizer, True), (scene.administrator, True), (scene.approver, False)):
        client = browse(who)
        table = client.get(scene.url + "?view=table").get_data(as_text=True)
        sheet = client.get(scene.url + "list.csv").get_data(as_text=True)
        card = client.get(scene.attendee("和平区副区长")).get_data(as_text=True)
        assert ["@example.org" in text for text in (table, sheet, card)] == [seen] * 3


def test_strangers_and_other_offices_see_nothing(browse: Browse, scene: Scene) -> None:
    urls = (scene.url, scene.url + "list.csv", scene.url + "list.xlsx", scene.attendee("和平区副区长"))
    client = browse(None)
    assert [client.get(url).status_code for url in urls] == [302] * 4
    client = browse(scene.foreign)
    assert [client.get(url).status_code for url in urls] == [404] * 4
    assert client.get(f"/workspace/meetings/999/attendees/{scene.people['和平区副区长']}").status_code == 404


def test_the_export_is_the_filtered_list(browse: Browse, scene: Scene) -> None:
    client = browse(scene.organizer)
    answered = client.get(scene.url + "list.csv?show=leave_requested&lang=en")
    lines = answered.get_data(as_text=True).lstrip("\ufeff").splitlines()
    assert answered.headers["Content-Disposition"].startswith("attachment")
    assert len(lines) == 2
    assert lines[1].startswith('"District 1","Director","Person')
    book = client.get(scene.url + "list.xlsx").get_data()
    assert book[:2] == b"PK"


@pytest.mark.parametrize(
    "query", ["?show=nonsense", "?organization=x&kind=-1", "?after=99999999999999", "?q=%01%ff", "?q=" + "长" * 500]
)
def test_strange_filters_show_the_list(browse: Browse, scene: Scene, query: str) -> None:
    client = browse(scene.organizer)
    for view in ("", "&view=table"):
        assert client.get(scene.url + query + view).status_code == 200


def test_a_meeting_without_places_says_what_the_page_is_for(browse: Browse, scene: Scene) -> None:
    empty = make.meeting(scene.office)
    page = browse(scene.organizer).get(f"/workspace/meetings/{empty.id}/invitations/?lang=zh").get_data(as_text=True)
    assert "尚未邀请任何人" in page and f"/workspace/meetings/{empty.id}/invitations/organizations/choose" in page


def test_the_story_tells_the_answers(browse: Browse, scene: Scene) -> None:
    words = words_of(browse(scene.organizer).get(scene.attendee("沈河区副区长") + "?lang=zh").get_data(as_text=True))
    assert "提出请假 本人通过专属链接；“出访&lt;b&gt;”" in words
    assert "您的决定" in words


def test_leave_is_granted_refused_or_handed_back(browse: Browse, scene: Scene) -> None:
    client, url = browse(scene.approver), scene.attendee("沈河区副区长")
    version = version_of(scene.people["沈河区副区长"])
    refused = post(client, url + "/leave", {"version": version, "decision": "refuse", "note": ""}, page=url)
    assert refused.status_code == 422
    assert leave_of(scene, "沈河区副区长") is Leave.REQUESTED
    stale = post(client, url + "/leave", {"version": "1", "decision": "grant"}, page=url)
    assert stale.status_code == 409
    done = post(client, url + "/leave", {"version": version, "decision": "grant"}, page=url)
    assert (done.status_code, done.headers["Location"]) == (303, url)
    assert leave_of(scene, "沈河区副区长") is Leave.GRANTED


def test_only_the_office_answers_on_behalf(browse: Browse, scene: Scene) -> None:
    url, data = scene.attendee("大东区副区长"), {"answer": "accepted", "source": "phone", "comment": ""}
    data["version"] = version_of(scene.people["大东区副区长"])
    for who in (scene.approver, scene.administrator, scene.foreign):
        assert browse(who).get(url + "/answer").status_code == 404
    done = post(browse(scene.organizer), url + "/answer", data)
    assert (done.status_code, done.headers["Location"]) == (303, url)
    db.session.rollback()
    kept = db.session.execute(
        select(ReplyEvent.act, ReplyEvent.channel, ReplyEvent.source, ReplyEvent.by).order_by(ReplyEvent.id.desc())
    ).first()
    assert kept is not None
    assert tuple(kept) == ("accepted", Channel.ON_BEHALF, "phone", "秘书处")


def test_a_stale_answer_on_behalf_is_compared(browse: Browse, scene: Scene) -> None:
    url, old = scene.attendee("大东区副区长"), version_of(scene.people["大东区副区长"])
    with write() as session:
        answer(session.get_one(Attendee, scene.people["大东区副区长"]), Reply.TENTATIVE, "等通知", by=LINK)
    data = {"answer": "accepted", "source": "phone", "comment": "电话答复", "version": old}
    page = post(browse(scene.organizer), url + "/answer", data)
    text = page.get_data(as_text=True)
    assert page.status_code == 409
    assert "等通知" in text and "电话答复" in text
    assert version_of(scene.people["大东区副区长"]) == str(int(old) + 1)


def test_a_place_is_named_and_a_substitute_entered(browse: Browse, scene: Scene) -> None:
    client = browse(scene.organizer)
    url = f"/workspace/meetings/{scene.meeting_id}/invitations/places/{scene.unnamed}/name"
    empty = post(client, url, {"person": "0", "name": ""})
    assert empty.status_code == 422
    done = post(client, url, {"person": "0", "name": "周洁", "title": "科长", "email": "zhou@example.org"})
    assert done.status_code == 303
    again = post(client, url, {"person": "0", "name": "别人"})
    assert again.status_code == 409
    assert "周洁" in again.get_data(as_text=True)
    substitute = scene.attendee("大东区副区长") + "/substitute"
    data = {
        "person": "0",
        "name": "代会人",
        "title": "科长",
        "source": "phone",
        "version": version_of(scene.people["大东区副区长"]),
    }
    assert post(client, substitute, data).status_code == 303
    db.session.rollback()
    assert replies.counts(scene.meeting_id).substitute == 1


def test_opening_pages_changes_nothing(browse: Browse, scene: Scene) -> None:
    client, before = browse(scene.organizer), replies.rows(scene.meeting_id)
    events = db.session.scalars(select(ReplyEvent.id)).all()
    base = scene.attendee("沈河区副区长")
    for url in (base, base + "/answer", base + "/leave", base + "/substitute", scene.url):
        assert client.get(url).status_code in (200, 302)
    db.session.rollback()
    assert (replies.rows(scene.meeting_id), db.session.scalars(select(ReplyEvent.id)).all()) == (before, events)


def test_a_place_tells_its_story_beside_the_list_and_alone(browse: Browse, scene: Scene) -> None:
    client, base = browse(scene.organizer), f"{scene.url}places/"
    asked = f"{base}{place_of(scene, '沈河区副区长')}?lang=zh"
    alone, beside = client.get(asked), client.get(asked, headers={"HX-Request": "true"})
    assert ["您的决定" in page.text for page in (alone, beside)] == [True, True]
    assert ["<html" in page.text for page in (alone, beside)] == [True, False]
    unnamed = client.get(f"{base}{scene.unnamed}").text
    assert f"places/{scene.unnamed}/name" in unnamed
    foreign = make.attendee(make.meeting(scene.office), make.person("外人"))
    assert [client.get(f"{base}{each}").status_code for each in (foreign.place_id, 999)] == [404, 404]
    assert browse(scene.foreign).get(asked).status_code == 404


def test_the_number_of_queries_does_not_grow(app: Flask, browse: Browse, scene: Scene) -> None:
    client = browse(scene.organizer)
    client.get(scene.url)
    urls = [scene.url + query for query in ("", "?view=table", "?show=accepted", "?view=table&show=accepted&q=区")]
    urls.append(f"{scene.url}places/{place_of(scene, '沈河区副区长')}")
    small = [queries(app, client, url) for url in urls]
    district = make.organization("新区")
    with write() as session:
        meeting_id = scene.meeting_id
        session.add_all(
            Place(meeting_id=meeting_id, organization_id=district.id, position=number, created_at=now())
            for number in range(200)
        )
    assert [queries(app, client, url) for url in urls] == small
    assert max(small) <= 10  # two more load a signed-in actor


def queries(app: Flask, client: FlaskClient, url: str) -> int:
    statements: list[str] = []

    def count(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    engine = db.engines["read"]
    event.listen(engine, "before_cursor_execute", count)
    try:
        assert client.get(url).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return len([statement for statement in statements if statement.startswith("SELECT")])


def version_of(attendee_id: int) -> str:
    db.session.rollback()
    return str(db.session.scalar(select(Attendee.version).where(Attendee.id == attendee_id)))


def leave_of(scene: Scene, name: str) -> Leave | None:
    db.session.rollback()
    return db.session.scalar(select(Attendee.leave).where(Attendee.id == scene.people[name]))


def place_of(scene: Scene, name: str) -> int:
    db.session.rollback()
    return db.session.get_one(Attendee, scene.people[name]).place_id
