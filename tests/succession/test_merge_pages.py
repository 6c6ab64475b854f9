"""The pages of merging: who gets them, what they show, what comes back on a refusal."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventsys.core.actor import Role
from eventsys.core.transaction import write
from eventsys.directory import operations as directory
from eventsys.directory.models import Person
from eventsys.directory.operations import PersonFacts
from tests import factories as make
from tests.directory.acting import ADMINISTRATOR, organizer_of
from tests.personas import Browse
from tests.succession.acting import again, compared
from tests.web.forms import post

PEOPLE = "/workspace/directory/people"


@pytest.fixture
def pair(app: Flask) -> tuple[Person, Person]:
    return make.person("张伟", email="one@example.org"), make.person("张玮", email="two@example.org")


@pytest.fixture
def administrator(browse: Browse) -> FlaskClient:
    return browse(ADMINISTRATOR)


def seen(staying: Person, gone: Person) -> dict[str, str]:
    found = compared(staying, gone)
    return {
        "version": str(found.pair.staying.version),
        "other_version": str(found.pair.gone.version),
        "seen": found.mark,
    }


def test_the_page_shows_both_and_makes_them_one(administrator: FlaskClient, pair: tuple[Person, Person]) -> None:
    staying, gone = pair
    url = f"{PEOPLE}/{staying.id}/merge/{gone.id}"
    page = administrator.get(url)
    assert page.status_code == 200
    assert [text in page.text for text in ("one@example.org", "two@example.org", "合并后不可撤销")] == [True] * 3
    answer = post(administrator, url, {**seen(staying, gone), "name_zh": "staying", "email": "gone"})
    assert (answer.status_code, answer.location) == (302, f"{PEOPLE}/{staying.id}/")
    assert (again(staying).name_zh, again(staying).email) == ("张伟", "two@example.org")
    leads = administrator.get(f"{PEOPLE}/{gone.id}/")
    assert (leads.status_code, leads.location) == (302, f"{PEOPLE}/{staying.id}/")
    assert administrator.get(url).status_code == 404


@pytest.mark.parametrize("which", [0, 1])
def test_a_change_meanwhile_answers_409_with_what_was_chosen(
    administrator: FlaskClient, pair: tuple[Person, Person], which: int
) -> None:
    staying, gone = pair
    old = seen(staying, gone)
    row = pair[which]
    with write():
        directory.revise_person(row, PersonFacts("改名", email="new@example.org"), row.version, by=ADMINISTRATOR)
    url = f"{PEOPLE}/{staying.id}/merge/{gone.id}"
    answer = post(administrator, url, {**old, "name_zh": "gone", "email": "staying"})
    assert answer.status_code == 409
    assert re.search(r'name="name_zh"[^>]*value="gone"[^>]*checked', answer.text)
    assert again(gone).merged_into_id is None
    fresh = dict(re.findall(r'name="(version|other_version|seen)"[^>]*value="(\w+)"', answer.text))
    assert fresh == seen(staying, gone)


def test_a_meeting_of_both_waits_for_a_choice(administrator: FlaskClient, pair: tuple[Person, Person]) -> None:
    staying, gone = pair
    meeting = make.meeting(make.organization())
    make.attendee(meeting, staying)
    make.attendee(meeting, gone)
    url = f"{PEOPLE}/{staying.id}/merge/{gone.id}"
    choice = {"name_zh": "staying", "email": "staying"}
    refused = post(administrator, url, {**seen(staying, gone), **choice})
    assert refused.status_code == 422
    assert f'href="#meeting_{meeting.id}' in refused.text
    answer = post(administrator, url, {**seen(staying, gone), **choice, f"meeting_{meeting.id}": "gone"})
    assert answer.status_code == 302


def test_likely_pairs_can_be_said_to_be_two(administrator: FlaskClient, pair: tuple[Person, Person]) -> None:
    one, other = pair
    with write() as session:
        session.get_one(Person, other.id).email = one.email
    page = administrator.get("/workspace/directory/duplicates/")
    assert f'href="{PEOPLE}/{one.id}/merge/{other.id}"' in page.text
    done = post(administrator, f"{PEOPLE}/{one.id}/apart/{other.id}", page="/workspace/directory/duplicates/")
    assert done.status_code == 302
    assert f"{PEOPLE}/{one.id}/merge" not in administrator.get("/workspace/directory/duplicates/").text


def test_the_other_record_is_found(administrator: FlaskClient, pair: tuple[Person, Person]) -> None:
    one, other = pair
    page = administrator.get(f"{PEOPLE}/{one.id}/merge?q=张玮")
    assert f'href="{PEOPLE}/{one.id}/merge/{other.id}"' in page.text
    assert f"{PEOPLE}/{one.id}/merge/{one.id}" not in page.text


@pytest.mark.parametrize("ids", ["{0}/merge/{0}", "{0}/merge/99999", "99999/merge/{0}", "{0}/merge/9999999999999"])
def test_what_is_no_pair_is_not_there(administrator: FlaskClient, pair: tuple[Person, Person], ids: str) -> None:
    assert administrator.get(f"{PEOPLE}/{ids.format(pair[0].id)}").status_code == 404


def test_nobody_else_may(browse: Browse, pair: tuple[Person, Person]) -> None:
    one, other = pair
    office = make.organization()
    organizer, member = browse(organizer_of(office)), browse(make.actor((Role.LIAISON, office)))
    for client in (organizer, member):
        assert client.get("/workspace/directory/duplicates/").status_code == 403
        assert client.get(f"{PEOPLE}/{one.id}/merge/{other.id}").status_code == 404
        assert client.get(f"{PEOPLE}/{one.id}/merge").status_code == 404
    assert "merge" not in organizer.get(f"{PEOPLE}/{one.id}/").text
    assert browse(None).get(f"{PEOPLE}/{one.id}/merge/{other.id}").status_code == 302
