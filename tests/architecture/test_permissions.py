"""Every route as every persona, on the sample city, with a real object and a valid token for every parameter."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from eventsys.accounts.audit_words import FIELDS, KINDS, VERBS
from eventsys.core.audit import AuditEntry
from eventsys.extensions import db
from tests.architecture.city import City, build, digest, each_get, permission_table
from tests.conftest import empty_tables


@pytest.fixture(scope="module")
def city(application: Flask) -> Iterator[City]:
    with application.app_context():
        yield build(application)
        db.session.remove()
        empty_tables()


def is_refused(answer: TestResponse) -> bool:
    """Whether the answer keeps the page from who asked: hidden, forbidden, or led to sign in."""
    return answer.status_code in {401, 403, 404} or "/account/sign-in" in (answer.location or "")


def test_every_parameter_has_a_real_object(city: City) -> None:
    lacking = set()
    for method in ("GET", "POST"):
        for rule in city.rules(method):
            try:
                city.url(rule)
            except KeyError as error:
                lacking.add((rule.rule, str(error)))
    assert lacking == set()


def test_every_page_opens_for_exactly_those_in_the_table(city: City) -> None:
    table = permission_table()
    wrong = []
    for persona, endpoint, url in each_get(city):
        answer = city.browser(persona).get(url)
        expected = persona in table[endpoint]
        if is_refused(answer) == expected or answer.status_code >= 500:
            wrong.append((persona, endpoint, url, answer.status_code))
    assert wrong == []


def test_no_page_changes_anything(city: City) -> None:
    before = digest()
    city.writes.clear()
    writing = []
    for persona, endpoint, url in each_get(city):
        city.browser(persona).get(url)
        if city.writes:
            writing.append((persona, endpoint, url))
            city.writes.clear()
    assert writing == []
    assert digest() == before


def test_no_page_is_changed_by_head(city: City) -> None:
    before = digest()
    for rule in city.rules("GET"):
        city.browser("organizer").head(city.url(rule))
    assert digest() == before


def test_a_form_without_its_mark_changes_nothing(city: City) -> None:
    before = digest()
    passed = []
    for rule in city.rules("POST"):
        for persona in city.actors:
            answer = city.browser(persona).post(city.url(rule), data={})
            if answer.status_code not in {302, 400, 401, 403, 404, 422}:
                passed.append((persona, rule.rule, answer.status_code))
    assert passed == []
    assert digest() == before


def test_a_form_is_closed_to_those_not_in_the_table(city: City) -> None:
    table = permission_table()
    city.app.config["WTF_CSRF_ENABLED"] = False
    before = digest()
    wrong = []
    try:
        for rule in city.rules("POST"):
            for persona in set(city.actors) - table[rule.endpoint]:
                answer = city.browser(persona).post(city.url(rule), data={})
                if not is_refused(answer):
                    wrong.append((persona, rule.rule, answer.status_code))
    finally:
        city.app.config["WTF_CSRF_ENABLED"] = True
    assert wrong == []
    assert digest() == before


def test_every_act_in_the_log_has_words(city: City) -> None:
    acts = {action.partition(".")[::2] for action in db.session.scalars(select(AuditEntry.action).distinct())}
    assert {kind for kind, _verb in acts} - KINDS.keys() == set()
    assert {verb for _kind, verb in acts} - VERBS.keys() == set()


def test_every_fact_in_the_log_has_a_name(city: City) -> None:
    entries = db.session.execute(select(AuditEntry.before, AuditEntry.after))
    assert {name for before, after in entries for name in {**before, **after}} - FIELDS.keys() == set()
