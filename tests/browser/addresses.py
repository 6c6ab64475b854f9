"""The address of every page, on the data of the product that runs, and who opens it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select

from eventsys import create_app
from eventsys.config import from_environment
from eventsys.extensions import db
from eventsys.meetings.models import Meeting, MeetingState
from tests.architecture.city import City, fill, permission_table
from tests.browser.product import Product

ACCOUNTLESS = ("stranger", "invitee")
VIEWERS = ("stranger", "invitee", "organizer", "editor", "approver", "administrator", "liaison", "check_in")
FILES = (
    *(".csv", ".xlsx", ".ics", ".atom", ".xml", ".txt", ".eml", "<form>", "<any(csv, xlsx):ending>", "z"),
    *("/pictures/<name>", "/documents/<int:document_id>", ".pdf", ".docx"),
)
LETTERS = ("letter", "words", "html")
PARTS_OF_PAGES = ("notice_text.check", "live.show")


@dataclass(frozen=True, slots=True)
class Address:
    """A page and the persona who opens it; `endpoint` names it."""

    endpoint: str
    url: str
    persona: str


class Addresses:
    """Reads the database of the product that runs; changes nothing."""

    def __init__(self, product: Product) -> None:
        environment = {"EVENTSYS_DATA": str(product.data), "EVENTSYS_MODE": "development"}
        self.app: Flask = create_app(from_environment(environment))
        with self.app.app_context():
            self.city = City(self.app, {}, {})
            fill(self.city, self.app)
            self.draft = db.session.scalars(
                select(Meeting.id).where(Meeting.state == MeetingState.DRAFT).order_by(Meeting.id)
            ).first()
            db.session.remove()

    def pages(self) -> list[Address]:
        """Every page of the permission table that is HTML of ours, once, as somebody who gets it."""
        table = permission_table()
        found = []
        with self.app.test_request_context():
            for rule in self.city.rules("GET"):
                if rule.endpoint in PARTS_OF_PAGES:
                    continue
                if not rule.rule.endswith(FILES) and rule.endpoint.rsplit("_", 1)[-1].rsplit(".", 1)[-1] not in LETTERS:
                    viewer = next(each for each in VIEWERS if each in table[rule.endpoint])
                    found.append(Address(rule.endpoint, self.city.url(rule), viewer))
        return found

    def of(self, endpoint: str) -> str:
        """The address of one page."""
        return next(page.url for page in self.pages() if page.endpoint == endpoint)
