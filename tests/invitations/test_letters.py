"""Every letter in both languages as it goes out, reviewed as files; `GOLDEN=write` writes them anew."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

import pytest

from eventsys.core.clock import now
from eventsys.core.language import use_language
from eventsys.core.letters import Rendered, kind_of
from eventsys.invitations.letters.render import in_full
from eventsys.invitations.letters.words import moment_with_year
from eventsys.mail.address import Address
from eventsys.mail.message import Mail, build
from tests import factories
from tests.invitations.asking import letters, office, words
from tests.invitations.test_send import send_all

COMMON: dict[str, Any] = {
    "meeting_id": 1,
    "uid": "0b6f1d1e-6c1e-4d0b-9a55-6f1d2f0a8c11@meet.example.gov.cn",
    "sequence": 0,
    "stamp": "2024-08-09T01:12:00+00:00",
    "modified": "2024-08-09T01:00:00+00:00",
    "convener_zh": "沈阳市外事办公室",
    "convener_en": "Shenyang Foreign Affairs Office",
    "title_zh": "全会精神宣讲会暨全市外办主任会议",
    "title_en": "Information session on the plenary session, with the municipal conference of foreign affairs offices",
    "zone": "Asia/Shanghai",
    "venue_zh": "市外办301会议室",
    "venue_en": "Room 301, Foreign Affairs Office",
    "address_zh": "浑南区沈中大街206号",
    "address_en": "206 Shenzhong Street, Hunnan",
    "online_url": "https://meet.example.gov.cn/301",
    "contact_name": "王芳",
    "contact_phone": "024-1234 5678",
    "contact_email": "fao@example.gov.cn",
    "notes_zh": "请着正装。\n汇报材料请于8月19日前报送。",
    "notes_en": "Business dress.\nPlease hand in work reports by 19 August.",
    "starts_at": "2024-08-22T01:00:00+00:00",
    "ends_at": "2024-08-22T03:30:00+00:00",
    "reply_by": "2024-08-19T09:00:00+00:00",
    "agenda": {
        "zh": [
            ["2024-08-22T01:00:00+00:00", "传达学习全会精神", ""],
            ["2024-08-22T01:40:00+00:00", "各区、县（市）汇报工作", "各区、县（市）外办"],
        ],
        "en": [
            ["2024-08-22T01:00:00+00:00", "The decisions of the plenary session", ""],
            ["2024-08-22T01:40:00+00:00", "Work reports", "Offices of districts and counties"],
        ],
    },
}
PERSON: dict[str, Any] = {
    "mark": "",
    "link": "k5xgs3tboqqhi2dfebzwkylu22",
    "email": "li.ming@example.gov.cn",
    "role": "required",
    "organization_zh": "沈河区",
    "organization_en": "Shenhe District",
    "title_zh": "外办主任",
    "title_en": "Foreign affairs director",
    "name_zh": "李明",
    "name_en": "Li Ming",
}
LIAISON: dict[str, Any] = {
    "mark": "",
    "organization_zh": "康平县",
    "organization_en": "Kangping County",
    "name_zh": "赵敏",
    "name_en": "Zhao Min",
    "places": [[4, "副县长（分管外事）", "Deputy head in charge of foreign affairs"], [5, "外办主任", "Director"]],
}
QUOTA: dict[str, Any] = {
    **LIAISON,
    "places": [
        [4, "副县长（分管外事）", "Deputy head in charge of foreign affairs"],
        *([number, "其他人员", "further place"] for number in (5, 6, 7)),
        [8, "列席人员", "observer"],
    ],
    "reply_by": "2024-08-20T09:00:00+00:00",
    "wanted_zh": "从事外事翻译的业务骨干",
    "wanted_en": "Experienced interpreters",
}
DEPUTY = {
    **PERSON,
    "name_zh": "周平",
    "name_en": "Zhou Ping",
    "title_zh": "外办副主任",
    "title_en": "Deputy director",
    "email": "zhou.ping@example.gov.cn",
    "for_zh": "外办主任李明",
    "for_en": "Li Ming, Foreign affairs director",
    "for_email": PERSON["email"],
}
MOVED = {
    "sequence": 1,
    "starts_at": "2024-08-23T06:00:00+00:00",
    "ends_at": "2024-08-23T08:30:00+00:00",
    "changes": ["time"],
    "reply_by": "2024-08-21T09:00:00+00:00",
    "agenda": {
        "zh": [["2024-08-23T06:00:00+00:00", "传达学习全会精神", ""]],
        "en": [["2024-08-23T06:00:00+00:00", "The decisions of the plenary session", ""]],
    },
    "before": {"starts_at": COMMON["starts_at"], "ends_at": COMMON["ends_at"], "zone": "Asia/Shanghai"},
}
SENT = {
    **PERSON,
    "reply": "delegated",
    "to_zh": "外办副主任周平",
    "to_en": "Zhou Ping, Deputy director",
    "to_email": DEPUTY["email"],
    "to_reply": "accepted",
}
ELSEWHERE = {
    "sequence": 1,
    "venue_zh": "市政府2号楼201会议室",
    "venue_en": "Room 201, Building 2",
    "changes": ["place"],
    "before": {"venue_zh": COMMON["venue_zh"], "venue_en": COMMON["venue_en"]},
}
ASKED = {"attendee": 1, "who_zh": "外办主任李明", "who_en": "Li Ming, Foreign affairs director"}
TOLD = {
    "source": "phone",
    "recorded_by": "王芳",
    "recorded": [
        {"who_zh": "外办主任李明", "who_en": "Li Ming, Foreign affairs director", "reply": "accepted", "note": ""},
        {"who_zh": "副区长吴刚", "who_en": "Wu Gang, Deputy head", "reply": "leave", "note": "出访"},
    ],
}
WHY = {"reason_zh": "因防汛工作需要", "reason_en": "Flood control work"}
LETTERS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "invitation": ("invitation", {}, PERSON),
    "invitation-chair": ("invitation", {"online_url": "", "notes_zh": "", "notes_en": ""}, {**PERSON, "role": "chair"}),
    "invitation-substitute": ("invitation", {}, DEPUTY),
    "invitation-liaison": ("invitation", {}, LIAISON),
    "update-time": ("update", MOVED, {**PERSON, "reply": "pending", "reset": True}),
    "update-place": ("update", ELSEWHERE, {**PERSON, "reply": "accepted"}),
    "update-words": ("update", {"changes": [], "before": {}}, {**PERSON, "reply": "tentative"}),
    "update-delegated": ("update", ELSEWHERE, SENT),
    "update-between": ("update", ELSEWHERE, {**SENT, "for_zh": "副区长吴刚", "for_email": "wu.gang@example.gov.cn"}),
    "update-postponed": ("update", {**MOVED, **WHY}, {**PERSON, "reply": "pending", "reset": True}),
    "update-liaison": ("update", ELSEWHERE, LIAISON),
    "cancellation": ("cancellation", {"sequence": 1, **WHY}, PERSON),
    "cancellation-postponed": ("cancellation", {"sequence": 1, "postponed": True, **WHY}, PERSON),
    "withdrawal": ("withdrawal", {}, {**PERSON, "reply": "accepted", "ahead": 1}),
    "withdrawal-liaison": ("withdrawal", {}, LIAISON),
    "reminder": ("reminder", {}, PERSON),
    "reminder-substitute": ("reminder", {}, DEPUTY),
    "reminder-liaison": ("reminder", {}, {**QUOTA, "answer_link": PERSON["link"]}),
    "resend": ("resend", {}, PERSON),
    "resend-answered": ("resend", {"alarms": "120"}, {**PERSON, "reply": "accepted", "ahead": 2}),
    "delegation": ("delegation", {}, SENT),
    "return": ("return", {}, {**PERSON, "by_zh": "周平", "by_en": "Zhou Ping"}),
    "return-answered": ("return", {}, {**PERSON, "reply": "accepted"}),
    "decline-counter": ("decline_counter", {"alarms": ""}, {**PERSON, "note": "当天会议室已有安排。"}),
    "invitation-quota": ("invitation", {}, QUOTA),
    "extension": ("extension", {}, {**QUOTA, "places": [], "reply_by": "2024-08-20T09:00:00+00:00"}),
    "receipt": ("receipt", {}, {**PERSON, "reply": "accepted", "from": "ming.li@example.com", "note": "我会准时到。"}),
    "receipt-leave": ("receipt", {}, {**PERSON, "reply": "declined", "leave": "requested", "from": "li@example.com"}),
    "leave-granted": ("leave_decision", {}, {**PERSON, "decision": "granted", "note": "一路平安。"}),
    "leave-granted-liaison": ("leave_notice", {}, {**LIAISON, "places": [], **ASKED, "decision": "granted"}),
    "leave-granted-to-be-named": (
        "leave_notice",
        {},
        {**LIAISON, "places": [], **ASKED, "decision": "granted", "to_be_named": True},
    ),
    "on-behalf": ("on_behalf", {}, {**LIAISON, "places": [], **TOLD, "caller": "沈河区外办周洁"}),
    "on-behalf-paper": ("on_behalf", {}, {**LIAISON, "places": [], **TOLD, "source": "paper"}),
    "leave-refused-liaison": (
        "leave_notice",
        {},
        {**LIAISON, "places": [], **ASKED, "decision": "refused", "note": "请委派一名副主任参会。"},
    ),
    "leave-refused": ("leave_decision", {}, {**PERSON, "decision": "refused", "note": "请委派一名副主任参会。"}),
}


def rendered(name: str, language: str) -> Rendered:
    kind, changed, facts = LETTERS[name]
    return kind_of(kind).render({**COMMON, **changed}, facts, language)


def as_file(letter: Rendered) -> str:
    """Everything of a letter in one text."""
    calendar = (letter.calendar or b"").decode().replace("\r\n", "\n")
    head = f"From: {letter.sender_name} <{letter.sender}>\nSubject: {letter.subject}\nMethod: {letter.method or '-'}\n"
    return "\n".join((head, letter.text, "--- HTML", letter.html, "--- calendar", calendar))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", LETTERS)
def test_letter(app, golden, name, language):
    path: Path = golden / "letters" / f"{name}-{language}.txt"
    text = as_file(rendered(name, language))
    if os.environ.get("GOLDEN") == "write":
        path.write_text(text)
    assert text == path.read_text()


@pytest.mark.parametrize("name", LETTERS)
def test_the_same_facts_give_the_same_letter(app, name):
    assert as_file(rendered(name, "zh")) == as_file(rendered(name, "zh"))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", LETTERS)
def test_a_mail_is_made_of_it_with_its_method_and_sender(app, name, language):
    letter = rendered(name, language)
    message = message_from_bytes(mail_of(letter, language))
    assert message["From"].endswith(f"<{letter.sender}>")
    parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert [part.get_param("method") for part in parts] == ([letter.method] if letter.method else [])


def mail_of(letter: Rendered, language: str) -> bytes:
    return build(
        Mail(
            sender=Address(letter.sender_name, letter.sender),
            to=Address("李明", "li.ming@example.gov.cn"),
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            message_id="<1@example.org>",
            date=now(),
            calendar=letter.calendar,
            method=letter.method or None,
            language=language,
        )
    )


NASTY = '=?utf-8?q?a=0D=0ABcc:_evil@x?= <b>粗</b> & "x"; ,\\n'


def test_whatever_a_title_says_arrives_as_text(app):
    case = office(title_zh=NASTY, venue_zh=NASTY, notes_zh=NASTY, contact_name=NASTY)
    factories.attendee(case.meeting, factories.person(NASTY[:120]), told=False)
    send_all(case)
    letter = words(letters()[0])
    message = message_from_bytes(mail_of(letter, "zh"))
    assert str(make_header(decode_header(message["Subject"]))) == letter.subject
    assert (message["Bcc"], NASTY in letter.subject, NASTY in letter.text) == (None, True, True)
    assert "<b>粗</b>" not in letter.html
    calendar = (letter.calendar or b"").replace(b"\r\n ", b"").decode()
    assert 'SUMMARY:=?utf-8?q?a=0D=0ABcc:_evil@x?= <b>粗</b> & "x"\\; \\,\\\\n\r\n' in calendar


def test_every_link_leads_to_the_readers_own_page_and_answers_nothing(app):
    letter = rendered("invitation", "en")
    found = {part for part in letter.text.split() if part.startswith("http")}
    pages = {part.partition("?")[0] for part in found if "/r/" in part}
    assert len(pages) == 1
    assert found - {part for part in found if "/r/" in part} == {COMMON["online_url"]}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_filled_in_is_the_one_made_in_full(app, name, language):
    kind, changed, facts = LETTERS[name]
    for own in ({}, {"name_zh": '<b>"粗"</b> & \\n;,', "name_en": "O'Brien\\"}, {"title_zh": "", "title_en": "李"}):
        arguments = (kind, {**COMMON, **changed}, {**facts, **own}, language)
        assert rendered_by_kind(*arguments) == in_full(*arguments)


@pytest.mark.parametrize("own", [{"link": "short"}, {"name_zh": "", "name_en": "", "title_zh": "", "title_en": ""}])
def test_what_fits_no_pattern_is_made_in_full(app, own):
    facts = {**PERSON, **own, "organization_zh": "", "organization_en": ""}
    assert rendered_by_kind("invitation", COMMON, facts, "zh") == in_full("invitation", COMMON, facts, "zh")


def test_patterns_know_the_installations_address(app):
    settings = app.extensions["eventsys.settings"]
    before = rendered("invitation", "zh")
    app.extensions["eventsys.settings"] = replace(settings, public_url="https://other.example.org")
    try:
        assert "https://other.example.org/r/" in rendered("invitation", "zh").text
    finally:
        app.extensions["eventsys.settings"] = settings
    assert rendered("invitation", "zh") == before


def rendered_by_kind(kind: str, common: dict[str, Any], facts: dict[str, Any], language: str) -> Rendered:
    return kind_of(kind).render(common, facts, language)


def test_replies_may_close_on_the_last_of_february() -> None:
    with use_language("en"):
        assert moment_with_year(datetime(2028, 2, 29, 9, tzinfo=UTC), "Asia/Shanghai") == "Tue 29 Feb 2028, 17:00"
