"""The sample city as a test bed: a real object and a valid token for every parameter of every route."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, text
from werkzeug.routing import Rule

from eventsys import sample_city
from eventsys.accounts.letters import RESET
from eventsys.accounts.models import Account, HeldRole, SignIn
from eventsys.accounts.queries import load_actor
from eventsys.accounts.store import token_of
from eventsys.agenda.models import AgendaItem
from eventsys.answers.models import AnswerDocument, Question
from eventsys.chasing.models import PlannedReminder
from eventsys.core.actor import ANONYMOUS, Actor, Role
from eventsys.core.audit import AuditEntry
from eventsys.core.outbox import Letter
from eventsys.core.tokens import LinkSigner
from eventsys.delivery.sending import deliver_due
from eventsys.delivery.way import local_mailbox
from eventsys.directory.models import Appointment, Audience, Organization, Person, Post, PostKind
from eventsys.exchange.models import Import
from eventsys.extensions import db
from eventsys.feeds.models import CalendarAddress
from eventsys.incoming.models import IncomingEntry, Said
from eventsys.invitations.models import Ask, Attendee, Place, Reply
from eventsys.meetings.models import Meeting, MeetingState, Visibility
from eventsys.notices.models import (
    AvoidedWord,
    Notice,
    NoticePicture,
    NoticeRevision,
    NoticeVersion,
    Subscription,
)
from eventsys.web.access import OPEN_ENDPOINTS
from tests import factories
from tests.personas import Browse

ROOMS = (
    *(
        "directory",
        "accounts",
        "meetings",
        "agenda",
        "invitations",
        "answers",
        "feeds",
        "attendance",
        "notices",
        "delivery",
    ),
    *("incoming", "statistics", "overview"),
    "quotas",
    "succession",
    "chasing",
    "exchange",
)


def permission_table() -> dict[str, set[str]]:
    """Endpoint -> personas that get the page, from every room."""
    found: dict[str, set[str]] = {}
    for room in ROOMS:
        found.update(import_module(f"tests.{room}.routes").ROUTES)
    return found


@dataclass
class City:
    """The application holding the sample city, its personas, and what stands for each parameter."""

    app: Flask
    actors: dict[str, Actor]
    values: dict[str, Any]
    by_endpoint: dict[str, dict[str, Any]] = field(default_factory=dict)
    writes: list[str] = field(default_factory=list)
    cookies: dict[int, dict[str, Any]] = field(default_factory=dict)

    def rules(self, method: str) -> list[Rule]:
        return [
            rule
            for rule in sorted(self.app.url_map.iter_rules(), key=lambda rule: rule.rule)
            if method in (rule.methods or ()) and rule.endpoint not in OPEN_ENDPOINTS
        ]

    def url(self, rule: Rule) -> str:
        """The address of a rule with a real object for each parameter. Raises KeyError for one that has none yet."""
        values = {name: self._value(rule, name) for name in rule.arguments}
        built = rule.build(values, append_unknown=False)
        assert built is not None, rule.rule
        return str(built[1])

    def browser(self, persona: str) -> FlaskClient:
        """A browser in which the persona is signed in, by a real row and a real cookie."""
        account_id = self.actors[persona].account_id
        if account_id is None:
            return self.app.test_client()
        client = self.app.test_client()
        with client.session_transaction() as cookie:
            cookie.update(self.cookies[account_id])
        return client

    def _value(self, rule: Rule, name: str) -> Any:
        special = self.by_endpoint.get(rule.endpoint, {})
        return special[name] if name in special else self.values[name]


def build(app: Flask) -> City:
    """Fill the database with the sample city and find an object for every parameter."""
    sample_city.create()
    deliver_due()
    member = factories.account(factories.person("没有角色"), password="a long password of a member")
    city = City(app, _actors(member), {})
    _sign_everybody_in(city)
    fill(city, app)
    _close_a_meeting(city)
    engine = db.engines[None]
    event.listen(engine, "begin", lambda connection: city.writes.append("begin"))
    return city


def _sign_everybody_in(city: City) -> None:
    for actor in city.actors.values():
        if actor.account_id is not None:
            client = Browse(city.app).account(db.session.get_one(Account, actor.account_id))
            with client.session_transaction() as cookie:
                city.cookies[actor.account_id] = dict(cookie)


def _actors(member: Account) -> dict[str, Actor]:
    by_email = dict(db.session.execute(select(Account.email, Account.id)).tuples().all())
    found = {sign_in.role: load_actor(by_email[sign_in.email]) for sign_in in sample_city.sample_sign_ins()}
    return {**found, "member": load_actor(member.id), "stranger": ANONYMOUS, "invitee": ANONYMOUS}


def fill(city: City, app: Flask) -> None:
    """Find an object for every parameter in a database that holds the sample city; changes nothing."""

    def one(statement: Any) -> Any:
        return db.session.scalars(statement.limit(1)).one()

    coming = one(select(Meeting).where(Meeting.state == MeetingState.SCHEDULED).order_by(Meeting.id))
    draft = one(select(Meeting).where(Meeting.state == MeetingState.DRAFT).order_by(Meeting.id))
    concluded = one(select(Meeting).where(Meeting.state == MeetingState.CONCLUDED).order_by(Meeting.id))
    silent = one(select(Attendee).where(Attendee.meeting_id == coming.id, Attendee.reply == Reply.PENDING))
    dadong = one(select(Organization).where(Organization.name_zh == "大东区"))
    place = one(select(Place).where(Place.meeting_id == coming.id, Place.organization_id == dadong.id))
    theirs = one(select(Attendee).where(Attendee.place_id == place.id, Attendee.is_current))
    notice = one(select(Notice))
    keys = app.extensions["eventsys.settings"].secret_keys
    letter = one(select(Letter).where(Letter.meeting_id == coming.id, Letter.organization_id == dadong.id))
    invited = one(select(Account).where(Account.email == "liaison@example.org"))
    city.values.update(
        meeting_id=coming.id,
        attendee_id=theirs.id,
        place_id=place.id,
        planned_id=one(select(PlannedReminder).where(PlannedReminder.meeting_id == coming.id)).id,
        item_id=one(select(AgendaItem).where(AgendaItem.meeting_id == coming.id)).id,
        organization_id=dadong.id,
        post_id=one(select(Post).where(Post.organization_id == dadong.id)).id,
        kind_id=one(select(PostKind)).id,
        person_id=one(select(Person).join(Appointment).join(Post).where(Post.organization_id == dadong.id)).id,
        appointment_id=one(select(Appointment).join(Post).where(Post.organization_id == dadong.id)).id,
        audience_id=one(select(Audience)).id,
        account_id=one(select(Account)).id,
        held_id=one(select(HeldRole).where(HeldRole.role == Role.EDITOR)).id,
        role_id=one(select(HeldRole).where(HeldRole.role == Role.EDITOR)).id,
        sign_in_id=one(select(SignIn)).id,
        entry_id=one(select(AuditEntry)).id,
        letter_id=letter.id,
        incoming_id=one(select(IncomingEntry).where(IncomingEntry.said == Said.PROPOSAL)).id,
        key=local_mailbox(app.extensions["eventsys.settings"]).page().letters[0].key,
        token=LinkSigner(keys, "reply").token(silent.link_id),
        year=notice.year,
        slug=notice.slug,
        number=one(select(NoticeVersion)).number,
        notice_id=notice.id,
        version_id=one(select(NoticeVersion)).id,
        revision_id=one(select(NoticeRevision).order_by(NoticeRevision.id.desc())).id,
        word_id=one(select(AvoidedWord)).id,
        position=1,
        sheet="people",
        import_id=one(select(Import)).id,
        ending="csv",
        form="csv",
    )
    city.values["other_id"] = one(select(Person).where(Person.id != city.values["person_id"]).order_by(Person.id)).id
    city.by_endpoint.update(_special(draft.id, concluded.id))
    asked = one(select(Ask).where(Ask.meeting_id == coming.id, Ask.organization_id == dadong.id))
    for endpoint in import_module("tests.answers.routes").BY_LINK:
        city.by_endpoint[endpoint] = {"token": LinkSigner(keys, "organization").token(asked.link_id)}
    question = one(select(Question).where(Question.meeting_id == coming.id))
    paper = one(select(AnswerDocument).where(AnswerDocument.ask_id == asked.id))
    city.values.update(question_id=question.id, document_id=paper.id)
    calendar = one(select(CalendarAddress).where(CalendarAddress.organization_id == dadong.id))
    city.values["address_id"] = calendar.id
    city.by_endpoint["subscribed.calendar"] = {"token": LinkSigner(keys, "calendar").token(calendar.link_id)}
    kept = one(select(NoticePicture))
    city.by_endpoint["notice_text.picture"] = {"name": f"{kept.key}.{kept.ending}"}
    for name in ("show", "word", "forget", "sentence", "step", "drop", "order"):
        city.by_endpoint[f"notice_house.{name}"] = {"organization_id": concluded.convener_id, "key": "held"}
    city.by_endpoint["notice_register.edit"] = {"organization_id": concluded.convener_id}
    subscription = LinkSigner(keys, "subscription").token(one(select(Subscription)).link_id)
    for name in ("confirm", "confirmed", "leaving", "left"):
        city.by_endpoint[f"subscription_links.{name}"] = {"token": subscription}
    for endpoint, kind in (("security.accept_invitation", "account_invitation"), ("security.reset_password", RESET)):
        city.by_endpoint[endpoint] = {"token": token_of(invited, kind)}


def _close_a_meeting(city: City) -> None:
    """A meeting whose page only its staff and its participants see; Dadong holds a place."""
    like = db.session.get_one(Meeting, city.values["meeting_id"])
    theirs = db.session.get_one(Attendee, city.values["attendee_id"])
    person = db.session.get_one(Person, theirs.person_id)
    closed = factories.meeting(like.convener, visibility=Visibility.PARTICIPANTS)
    factories.attendee(closed, person, organization_id=theirs.place.organization_id)
    for endpoint in ("meeting_page.show", "calendar.one"):
        city.by_endpoint[endpoint] = {"meeting_id": closed.id}


def _special(draft_id: int, concluded_id: int) -> dict[str, dict[str, Any]]:
    """Pages that only a draft, or only a concluded meeting has."""
    of_draft = {"meeting_id": draft_id}
    of_concluded = {"meeting_id": concluded_id}
    endpoints = [rule for room in ("meetings",) for rule in import_module(f"tests.{room}.routes").ROUTES]
    drafts = {name: of_draft for name in endpoints if name.rsplit(".", 1)[-1] in {"edit", "schedule"}}
    notices = dict.fromkeys(import_module("tests.notices.routes").ROUTES, of_concluded)
    return {**drafts, **notices}


def digest(table_of: Callable[[], list[str]] | None = None) -> str:
    """A mark of everything that the database holds."""
    db.session.rollback()
    names = table_of() if table_of else [table.name for table in db.metadata.sorted_tables]
    found = hashlib.sha256()
    for name in names:
        for row in db.session.execute(text(f'SELECT * FROM "{name}" ORDER BY 1')):
            found.update(repr(tuple(row)).encode())
    db.session.rollback()
    return found.hexdigest()


def each_get(city: City) -> Iterator[tuple[str, str, str]]:
    """Persona, endpoint and address of every page as everybody."""
    for rule in city.rules("GET"):
        for persona in city.actors:
            yield persona, rule.endpoint, city.url(rule)
