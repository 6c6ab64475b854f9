"""The pages: what each persona gets, what a form refuses, what is shown as text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from eventsys.core.audit import AuditEntry
from eventsys.core.transaction import write
from eventsys.directory import operations
from eventsys.directory.models import Appointment, Audience, Organization, OrganizationKind, Person, Post
from eventsys.directory.operations import AudienceFacts, PersonFacts
from eventsys.extensions import db
from tests.directory.acting import (
    ADMINISTRATOR,
    added,
    appointed,
    known,
    last_entry,
    liaison_of,
    organizer_of,
    post_in,
    selects,
)
from tests.personas import Browse
from tests.web.forms import post as send

HOME = "/workspace/directory"
MARKUP = "<script>alert(1)</script>"


@dataclass
class Place:
    """A city with two districts; one director each, both called 张伟."""

    city: Organization
    mine: Organization
    other: Organization
    my_post: Post
    other_post: Post
    my_person: Person
    other_person: Person
    appointment: Appointment


@pytest.fixture
def place(app: Flask) -> Place:
    city = added("沈阳市", kind=OrganizationKind.CITY, name_en="Shenyang")
    mine, other = added("和平区", city, name_en="Heping District"), added("沈河区", city, name_en="Shenhe District")
    my_post, other_post = post_in(mine, "外办主任"), post_in(other, "外办主任")
    first = known("张伟", name_en="Zhang Wei", email="one@example.org", phone="024 1234 5678")
    with write():
        facts = PersonFacts("张伟", "Zhang Wei", "two@example.org", "024 8765 4321")
        second = operations.add_person(facts, distinct_from={first.id}, by=ADMINISTRATOR)
    appointment = appointed(first, my_post)
    appointed(second, other_post)
    return Place(city, mine, other, my_post, other_post, first, second, appointment)


@pytest.fixture
def admin(place: Place, browse: Browse) -> FlaskClient:
    return browse(ADMINISTRATOR)


def errors(page: str) -> list[str]:
    """What stands in the error summary."""
    summary = re.search(r"govuk-error-summary__list.*?</ul>", page, re.DOTALL)
    return re.findall(r"<li>(?:<a[^>]*>)?(.*?)(?:</a>)?</li>", summary.group()) if summary else []


def rows(page: str) -> list[list[str]]:
    """The cells of the page's tables as plain words, heads left out."""
    found = [
        re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    ]
    words = [
        [" ".join(re.sub(r"<form.*?</form>|<[^>]+>", " ", cell, flags=re.DOTALL).split()) for cell in row]
        for row in found
    ]
    return words[1:]


def now_on_record() -> Any:
    """The session, seeing what the requests wrote."""
    db.session.rollback()
    return db.session


def count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_three_personas_see_three_lists(place: Place, browse: Browse) -> None:
    contacts = {"one@example.org", "two@example.org", "024 1234 5678", "024 8765 4321"}

    def shown(client: FlaskClient) -> set[str]:
        text = client.get(f"{HOME}/people/").text
        return {each for each in contacts if each in text} | {str(text.count(">张伟</a>"))}

    assert shown(browse(ADMINISTRATOR)) == {*contacts, "2"}
    assert shown(browse(organizer_of(place.city))) == {"2"}
    assert shown(browse(liaison_of(place.mine))) == {"one@example.org", "024 1234 5678", "1"}
    assert browse(None).get(f"{HOME}/people/").status_code == 302


def test_a_foreign_object_is_not_there(place: Place, browse: Browse) -> None:
    liaison = browse(liaison_of(place.mine))
    mine = {
        f"organizations/{place.mine.id}/": 200,
        f"posts/{place.my_post.id}/": 200,
        f"posts/{place.my_post.id}/appoint": 200,
        f"people/{place.my_person.id}/": 200,
        f"people/{place.my_person.id}/edit": 200,
        f"appointments/{place.appointment.id}/end": 200,
        f"organizations/{place.other.id}/": 404,
        f"organizations/{place.mine.id}/edit": 404,
        f"posts/{place.other_post.id}/": 404,
        f"posts/{place.other_post.id}/appoint": 404,
        f"people/{place.other_person.id}/": 404,
        f"people/{place.other_person.id}/edit": 404,
        "people/99999999999999/": 404,
        "posts/": 403,
    }
    assert {url: liaison.get(f"{HOME}/{url}").status_code for url in mine} == mine


def test_the_same_rules_hold_for_exports(place: Place, browse: Browse) -> None:
    def export(client: FlaskClient) -> list[str]:
        answer = client.get(f"{HOME}/people/export.csv?lang=en")
        assert answer.headers["Content-Disposition"] == 'attachment; filename="people.csv"'
        return answer.get_data(as_text=True).lstrip("\ufeff").splitlines()

    head = '"Name","English name","Organization","Post","E-mail","Telephone"'
    mine = '"张伟","Zhang Wei","Heping District","En 外办主任",'
    other = '"张伟","Zhang Wei","Shenhe District","En 外办主任",'
    assert export(browse(liaison_of(place.mine))) == [head, mine + '"one@example.org","024 1234 5678"']
    assert export(browse(organizer_of(place.city))) == [head, mine + '"",""', other + '"",""']
    assert browse(ADMINISTRATOR).get(f"{HOME}/people/export.xlsx").data[:2] == b"PK"
    assert browse(ADMINISTRATOR).get(f"{HOME}/people/export.pdf").status_code == 404


def test_lists_and_exports_are_one(admin: FlaskClient) -> None:
    page = rows(admin.get(f"{HOME}/posts/?q=heping&lang=en").text)
    export = admin.get(f"{HOME}/posts/export.csv?q=heping&lang=en").get_data(as_text=True).splitlines()
    assert page == [["Heping District", "En 外办主任", "Zhang Wei"]]
    assert export[1] == '"和平区","Heping District","外办主任","En 外办主任","","Zhang Wei","2024-01-01"'


def test_an_administrator_adds_an_organization_below_another(admin: FlaskClient, place: Place) -> None:
    answer = send(
        admin,
        f"{HOME}/organizations/new?parent={place.city.id}",
        {
            "kind": "county",
            "name_zh": "康平县",
            "name_en": "Kangping County",
            "parent_id": place.city.id,
            "language": "zh",
        },
    )
    row = now_on_record().scalars(select(Organization).where(Organization.name_zh == "康平县")).one()
    assert (answer.status_code, answer.location) == (302, f"{HOME}/organizations/{row.id}/")
    assert row.path == f"{place.city.path}{row.id}/"
    assert rows(admin.get(f"{HOME}/?q=kpx").text) == [["康平县", "县", "–", "–", "–"]]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name_zh", "", "Write the Chinese name."),
        ("name_en", "a\x07b", "Character 2 is an invisible control character. Delete it or type the text."),
        ("name_en", "a\u202eb", "Character 2 changes the reading direction. Delete it or type the text."),
        ("email", "nobody", "Write the e-mail address like name@example.org."),
        ("phone", "none", "Write the phone number in digits, like 024 1234 5678."),
        ("kind", "moon", "Choose one from the list."),
        ("parent_id", "9999", "Choose one from the list."),
        ("language", "fr", "Choose one from the list."),
    ],
)
def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(
    admin: FlaskClient, field: str, value: str, words: str
) -> None:
    data = {
        "kind": "county",
        "name_zh": "康平县",
        "name_en": "Kangping",
        "parent_id": "0",
        "language": "zh",
        field: value,
    }
    answer = send(admin, f"{HOME}/organizations/new?lang=en", data)
    assert answer.status_code == 422
    assert errors(answer.text) == [words]
    assert f'id="{field}-error"' in answer.text
    assert count(Organization) == 3
    if field.startswith("name") and value.isprintable() and value:
        assert f'value="{value}"' in answer.text


def test_all_refusals_of_a_form_are_shown_at_once(admin: FlaskClient) -> None:
    data = {"kind": "county", "name_zh": "", "name_en": "", "email": "x", "phone": "y", "parent_id": "0"}
    answer = send(admin, f"{HOME}/organizations/new?lang=en", data)
    assert errors(answer.text) == [
        "Write the Chinese name.",
        "Write the English name.",
        "Write the phone number in digits, like 024 1234 5678.",
        "Write the e-mail address like name@example.org.",
    ]


def test_over_long_text_is_refused(admin: FlaskClient) -> None:
    data = {"kind": "county", "name_zh": "长" * 301, "name_en": "Long", "parent_id": "0", "language": "zh"}
    answer = send(admin, f"{HOME}/organizations/new?lang=en", data)
    assert errors(answer.text)[:1] == ["This is 301 characters long; at most 300 are possible."]
    assert count(Organization) == 3


def test_markup_is_shown_as_text_everywhere(admin: FlaskClient, place: Place) -> None:
    with write():
        facts = PersonFacts(MARKUP, MARKUP, "x@example.org", note=MARKUP)
        person = operations.add_person_to_post(facts, post_in_one_act(place.mine), date(2024, 1, 1), by=ADMINISTRATOR)
    row = added(MARKUP, place.mine, name_en=MARKUP, short_zh=MARKUP, address_zh=MARKUP)
    post = post_in(row, MARKUP)
    with write():
        rule = {"organization_ids": [row.id], "post_ids": [post.id], "person_ids": [person.id]}
        audience = operations.save_audience(AudienceFacts(place.mine.id, MARKUP, MARKUP, rule), by=ADMINISTRATOR)
    urls = [
        *("", "?q=script", "people/", "people/?q=script", "posts/", "audiences/"),
        *(f"organizations/{place.mine.id}/", f"organizations/{row.id}/", f"organizations/{row.id}/edit"),
        *(f"organizations/{row.id}/move", f"posts/{post.id}/", f"posts/{post.id}/appoint?q=script"),
        *(f"people/{person.id}/", f"people/{person.id}/edit", f"people/{person.id}/appoint?q=script"),
        *(f"audiences/{audience.id}/", f"audiences/{audience.id}/edit", f"audiences/{audience.id}/delete"),
    ]
    for url in urls:
        answer = admin.get(f"{HOME}/{url}")
        assert (url, answer.status_code, MARKUP in answer.text) == (url, 200, False)


def post_in_one_act(office: Organization) -> Post:
    """A post made inside the open unit of work."""
    return operations.add_post(office, operations.PostFacts("副主任", "Deputy"), by=ADMINISTRATOR)


def test_the_second_editor_compares_and_saves(admin: FlaskClient, place: Place) -> None:
    url = f"{HOME}/organizations/{place.mine.id}/edit"
    typed = {
        "kind": "district",
        "name_zh": "和平",
        "name_en": "Heping",
        "language": "zh",
        "version": place.mine.version,
    }
    stale = {**typed, "name_en": "Peace"}
    assert send(admin, url, typed).status_code == 302
    answer = send(admin, url, stale)
    assert answer.status_code == 409
    assert re.findall(r"compare-text[^>]*>([^<]*)<", answer.text) == ["Peace", "Heping"]
    fresh = re.search(r'name="version"[^>]*value="(\d+)"', answer.text)
    assert fresh is not None
    assert send(admin, url, {**stale, "version": fresh.group(1)}).status_code == 302
    assert now_on_record().get_one(Organization, place.mine.id).name_en == "Peace"


def test_a_likely_duplicate_is_shown_and_then_taken(admin: FlaskClient, place: Place) -> None:
    url = f"{HOME}/people/new?lang=en"
    typed = {"name_zh": "张伟", "email": "three@example.org"}
    answer = send(admin, url, typed)
    assert answer.status_code == 422
    assert errors(answer.text) == ["This person may already be on record. Compare the records below, then choose."]
    assert answer.text.count("Same name") == 2
    assert "Heping District · En 外办主任" in answer.text
    confirmed = re.search(r'name="distinct_from"[^>]*value="([\d,]+)"', answer.text)
    assert confirmed is not None
    assert send(admin, url, {**typed, "distinct_from": confirmed.group(1)}).status_code == 302
    assert count(Person) == 3


def test_a_liaison_is_not_told_whose_record_looks_the_same(place: Place, browse: Browse) -> None:
    liaison = browse(liaison_of(place.mine))
    vacant = post_in(place.mine, "副主任")
    url = f"{HOME}/organizations/{place.mine.id}/people/new?lang=en"
    typed = {"name_zh": "新人", "phone": "024 8765 4321", "post_id": vacant.id, "starts_on": "2024-08-22"}
    answer = send(liaison, url, typed)
    assert answer.status_code == 422
    assert "A record that another organization keeps" in answer.text
    assert [each for each in ("Shenhe", "two@example.org", "Same telephone") if each in answer.text] == []
    assert send(liaison, url, {**typed, "distinct_from": place.other_person.id}).status_code == 302
    holder = now_on_record().scalars(select(Appointment).where(Appointment.post_id == vacant.id)).one()
    assert (holder.person.name_zh, holder.starts_on) == ("新人", date(2024, 8, 22))


def test_a_liaison_fills_posts_of_their_own_organization_only(place: Place, browse: Browse) -> None:
    liaison = browse(liaison_of(place.mine))
    url = f"{HOME}/organizations/{place.mine.id}/people/new?lang=en"
    typed = {"name_zh": "新人", "post_id": place.other_post.id, "starts_on": "2024-08-22"}
    assert errors(send(liaison, url, typed).text) == ["Choose one from the list."]
    assert errors(send(liaison, url, {**typed, "post_id": place.my_post.id, "starts_on": ""}).text) == [
        "Choose the day."
    ]
    foreign = {"chosen_id": place.other_person.id, "starts_on": "2024-08-22", "beside": "both"}
    answer = send(liaison, f"{HOME}/posts/{place.my_post.id}/appoint?lang=en", foreign)
    assert errors(answer.text) == ["Choose one from the list."]
    away = {"chosen_id": place.other_post.id, "starts_on": "2024-08-22", "beside": "both"}
    answer = send(liaison, f"{HOME}/people/{place.my_person.id}/appoint?lang=en", away)
    assert errors(answer.text) == ["Choose one from the list."]
    assert count(Person) == 2


def test_a_second_holder_is_asked_about_on_the_page(admin: FlaskClient, place: Place) -> None:
    person = known("李四")
    url = f"{HOME}/posts/{place.my_post.id}/appoint?q=lisi&lang=en"
    typed = {"chosen_id": person.id, "starts_on": "2024-08-22"}
    answer = send(admin, url, typed)
    assert answer.status_code == 422
    assert errors(answer.text) == [
        "Somebody else holds this post at that time. Choose what happens to their appointment."
    ]
    assert "since 1 January 2024" in answer.text
    assert send(admin, url, {**typed, "beside": "replace"}).status_code == 302
    page = rows(admin.get(f"{HOME}/posts/{place.my_post.id}/?lang=en").text)
    assert [row[:3] for row in page] == [
        ["En 外办主任"[:0] + "李四", "22 August 2024", "–"],
        ["Zhang Wei", "1 January 2024", "21 August 2024"],
    ]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (
            {"starts_on": "2024-08-22", "ends_on": "2024-08-21"},
            "The last day is before the first day. Choose a later last day.",
        ),
        ({"starts_on": "22.8.2024"}, "Write the day as year, month and day, like 2024-08-22."),
        ({"starts_on": "2024-02-30"}, "Write the day as year, month and day, like 2024-08-22."),
        ({"starts_on": ""}, "Choose the day."),
        ({"starts_on": "0001-01-01"}, "Choose a day between 1900 and 2200."),
    ],
)
def test_days_are_refused_at_their_field(admin: FlaskClient, place: Place, days: dict[str, str], words: str) -> None:
    data = {"version": place.appointment.version, **days}
    answer = send(admin, f"{HOME}/appointments/{place.appointment.id}/edit?lang=en", data)
    assert (answer.status_code, errors(answer.text)) == (422, [words])


def test_ending_closing_abolishing_and_taking_back(admin: FlaskClient, place: Place) -> None:
    def acts(url: str, page: str | None = None, **data: object) -> int:
        return send(admin, f"{HOME}/{url}", dict(data), page=page and f"{HOME}/{page}").status_code

    office, post = f"organizations/{place.mine.id}", f"posts/{place.my_post.id}"
    assert acts(f"appointments/{place.appointment.id}/end", version=1, ends_on="2024-08-22") == 302
    assert acts(f"{post}/abolish", version=1, abolished_on="2024-09-01") == 302
    assert acts(f"{post}/restore", f"{post}/", version=2) == 302
    assert acts(f"{office}/close", version=2, closed_on="2024-10-01") == 302
    assert acts(f"{office}/close", version=3, closed_on="2024-10-01") == 422
    assert acts(f"{post}/restore", f"{post}/", version=4) == 422
    assert acts(f"{office}/reopen", f"{office}/", version=3) == 302
    assert now_on_record() and last_entry().action == "organization.reopen"


def test_order_by_buttons(admin: FlaskClient, place: Place) -> None:
    answer = send(
        admin,
        f"{HOME}/organizations/{place.other.id}/order",
        {"direction": "up"},
        page=f"{HOME}/organizations/{place.city.id}/",
    )
    assert answer.location == f"{HOME}/organizations/{place.city.id}/"
    assert [row[0] for row in rows(admin.get(answer.location).text)] == ["沈河区", "和平区"]


def test_moving_into_itself_is_not_offered(admin: FlaskClient, place: Place) -> None:
    url = f"{HOME}/organizations/{place.city.id}/move?lang=en"
    answer = send(admin, url, {"version": place.city.version, "parent_id": place.mine.id})
    assert (answer.status_code, errors(answer.text)) == (422, ["Choose one from the list."])


def test_the_rule_editor_shows_and_finds_without_saving(admin: FlaskClient, place: Place) -> None:
    url = f"{HOME}/audiences/new?lang=en"
    looked = send(admin, url, {"organization_kinds": ["district"], "show": "1"})
    assert (looked.status_code, rows(looked.text)) == (
        200,
        [["Heping District", "En 外办主任", "Zhang Wei"], ["Shenhe District", "En 外办主任", "Zhang Wei"]],
    )
    found = send(admin, url, {"q": "shenhe", "find": "1", "post_ids": [place.my_post.id]})
    assert re.findall(r'name="(\w+_ids)" type="checkbox" value="(\d+)"( checked)?', found.text) == [
        ("organization_ids", str(place.other.id), ""),
        ("post_ids", str(place.my_post.id), " checked"),
        ("post_ids", str(place.other_post.id), ""),
        ("person_ids", str(place.other_person.id), ""),
    ]
    assert count(Audience) == 0


def test_an_audience_is_saved_changed_and_deleted(place: Place, browse: Browse) -> None:
    organizer = browse(organizer_of(place.city))
    typed = {"name_zh": "各区", "owner_id": place.mine.id, "organization_kinds": ["district"]}
    answer = send(organizer, f"{HOME}/audiences/new", typed)
    row = now_on_record().scalars(select(Audience)).one()
    assert answer.location == f"{HOME}/audiences/{row.id}/"
    url = f"{HOME}/audiences/{row.id}"
    assert "one@example.org" not in organizer.get(f"{url}/").text
    changed = {**typed, "version": 1, "within_id": place.other.id}
    assert send(organizer, f"{url}/edit", changed).status_code == 302
    assert send(organizer, f"{url}/edit", {**changed, "name_zh": "别的"}).status_code == 409
    assert [each[0] for each in rows(organizer.get(f"{url}/").text)] == ["沈河区"]
    foreign = browse(organizer_of(place.other))
    assert [foreign.get(f"{url}/{page}").status_code for page in ("", "edit", "delete")] == [404, 404, 404]
    assert send(organizer, f"{url}/delete", {"version": 2}).status_code == 302
    assert count(Audience) == 0


def test_an_audience_of_nobody_is_refused(admin: FlaskClient, place: Place) -> None:
    answer = send(admin, f"{HOME}/audiences/new?lang=en", {"name_zh": "空", "owner_id": place.mine.id})
    assert (answer.status_code, errors(answer.text)) == (
        422,
        ["Choose at least one kind, organization, post or person."],
    )


def test_empty_pages_say_what_they_are_for(app: Flask, browse: Browse) -> None:
    client = browse(ADMINISTRATOR)
    titles = [
        re.findall(r'class="empty"><h2>(.*?)</h2>', client.get(f"{HOME}/{page}?lang=en").text)
        for page in ("", "people/", "posts/", "post-kinds/", "audiences/")
    ]
    assert titles == [
        ["No organizations yet"],
        ["Nobody is on record yet"],
        ["No posts yet"],
        ["No kinds of posts yet"],
        ["No audiences yet"],
    ]


@pytest.mark.parametrize("q", ["%", "_", "' OR 1=1", "((", "👾", "x" * 5000])
def test_any_search_is_only_a_search(admin: FlaskClient, q: str) -> None:
    for page in ("", "people/", "posts/"):
        assert admin.get(f"{HOME}/{page}", query_string={"q": q, "_external": "1", "after": q}).status_code == 200


def test_the_questions_do_not_grow_with_the_list(admin: FlaskClient, place: Place) -> None:
    pages = [
        "",
        "?q=x",
        "people/",
        "posts/",
        "audiences/",
        f"organizations/{place.city.id}/",
        f"posts/{place.my_post.id}/",
    ]
    pages += [f"people/{place.my_person.id}/", "post-kinds/", f"organizations/{place.mine.id}/"]

    def asked() -> list[int]:
        return [selects(lambda url=page: admin.get(f"{HOME}/{url}")) for page in pages]  # type: ignore[misc]

    rule = {"post_ids": [place.my_post.id], "person_ids": [place.my_person.id]}
    with write():
        operations.save_audience(AudienceFacts(place.mine.id, "范围", "", rule), by=ADMINISTRATOR)
    admin.get(f"{HOME}/")
    few = asked()
    for number in range(30):
        row = added(f"第{number}区", place.city)
        appointed(known(f"人{number}"), post_in(row, f"职{number}"))
        post_in(place.mine, f"职务{number}")
        with write():
            operations.save_audience(AudienceFacts(place.mine.id, f"范围{number}", "", rule), by=ADMINISTRATOR)
    many = asked()
    assert dict(zip(pages, many, strict=True)) == dict(zip(pages, few, strict=True))
    assert max(many) <= 12


def test_looking_changes_nothing(admin: FlaskClient, place: Place) -> None:
    before = count(AuditEntry)
    for url in ("", "people/", f"organizations/{place.mine.id}/order", f"organizations/{place.mine.id}/reopen"):
        admin.get(f"{HOME}/{url}")
    assert count(AuditEntry) == before
