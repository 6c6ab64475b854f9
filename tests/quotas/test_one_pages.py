"""The pages of one organization and of all that are asked."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from eventsys.core.actor import Role
from eventsys.core.clock import to_local
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.invitations.holding import Quiet, Seen
from eventsys.invitations.operations.hold import save_change
from eventsys.invitations.operations.substitute import Named
from eventsys.meetings.facts import MeetingFacts
from eventsys.quotas.operations.name import name_next
from tests import factories
from tests.invitations.asking import Office, letters, office
from tests.quotas.city import District, ask, by_name, director_kind, district
from tests.quotas.test_adjust import asked, quota, row_of, send
from tests.quotas.test_ask_pages import at, hidden


def page(case: Office, of: District, rest: str = "") -> str:
    return at(case, f"{of.row.id}/{rest}")


def save(browser, case: Office, of: District, **values: object):
    shown = browser.get(page(case, of)).text
    data = {"csrf_token": hidden(shown, "csrf_token"), "version": hidden(shown, "version"), "shown": "", **values}
    return browser.post(page(case, of), data=data)


def test_the_quota_is_saved(app, browse):
    case, one = asked(1)
    browser = browse(case.by)
    assert save(browser, case, one, further="2", observers="1", note_zh="业务骨干").status_code == 303
    assert quota(case) == [("required", None), ("required", None), ("observer", None)]
    assert "业务骨干" in browser.get(page(case, one)).text


def test_a_smaller_one_first_says_who_would_go(app, browse):
    case, one = asked(1)
    with write():
        name_next(row_of(case, one), Named(name="赵云"), by=case.by)
    browser = browse(case.by)
    answer = save(browser, case, one, further="0", observers="0")
    assert (answer.status_code, "赵云" in answer.text, "以下人员将失去名额" in answer.text) == (422, True, True)
    answer = save(browser, case, one, further="0", observers="0", shown=hidden(answer.text, "shown"))
    assert (answer.status_code, quota(case)) == (303, [])


def test_a_stale_save_shows_both(app, browse):
    case, one = asked(1)
    browser = browse(case.by)
    old = hidden(browser.get(page(case, one)).text, "version")
    save(browser, case, one, further="2", observers="0", note_zh="甲写的")
    answer = save(browser, case, one, further="3", observers="0", note_zh="乙写的", version=old)
    assert (answer.status_code, "甲写的" in answer.text, "乙写的" in answer.text) == (409, True, True)


@pytest.mark.parametrize("number", ["", "-1", "x", "201", "１", "9" * 40])
def test_what_is_no_number_is_refused(app, browse, number):
    case, one = asked(1)
    answer = save(browse(case.by), case, one, further=number, observers="0")
    assert (answer.status_code, len(quota(case))) == (422, 1)


def test_more_time_is_shown_with_its_letter_and_then_given(app, browse):
    case, one = asked(1)
    send(case)
    until = to_local(case.meeting.starts_at, case.meeting.zone).replace(hour=0, minute=5)
    asked_for = f"day={until:%Y-%m-%d}&time=00:05"
    browser = browse(case.by)
    assert "联络员" in browser.get(page(case, one, "extend")).text
    shown = browser.get(page(case, one, f"extend?{asked_for}")).text
    assert one.liaison.email in shown
    assert "延长" in browser.get(page(case, one, f"extend/letter?{asked_for}&in=zh&as=text")).text
    data = {name: hidden(shown, name) for name in ("csrf_token", "version", "shown", "day", "time")}
    data |= {"day": f"{until:%Y-%m-%d}", "time": "00:05"}
    assert browser.post(page(case, one, "extend"), data=data).status_code == 303
    db.session.rollback()
    assert row_of(case, one).reply_by == until
    assert len(letters("extension")) == 1
    answer = browser.post(page(case, one, "extend"), data=data)
    assert (answer.status_code, len(letters("extension"))) == (409, 1)


def test_a_letter_of_no_time_is_none(app, browse):
    case, one = asked(1)
    for query in ("", "?day=x&time=y", "?day=2026-01-01"):
        assert browse(case.by).get(page(case, one, f"extend/letter{query}")).status_code == 200
        assert browse(case.by).get(page(case, one, f"extend{query}")).status_code in (200, 422)


def test_the_link_is_taken_back_and_made_anew(app, browse):
    case, one = asked(1)
    browser, before = browse(case.by), row_of(case, one).link_id
    for act, is_revoked in (("revoke", True), ("renew", False)):
        shown = browser.get(page(case, one)).text
        data = {"csrf_token": hidden(shown, "csrf_token"), "version": str(row_of(case, one).version), "act": act}
        assert browser.post(page(case, one, "link"), data=data).status_code == 303
        db.session.rollback()
        assert (row_of(case, one).link_revoked_at is not None) is is_revoked
    assert row_of(case, one).link_id != before


def test_the_list_its_sums_and_its_files(app, browse):
    case, kind = office(capacity=20), director_kind()
    one, other = district("甲区", kind), district("乙区", kind, held=False)
    ask(case, by_name(one, kinds=(kind,), further=2))
    ask(case, by_name(other, kinds=(kind,), observers=1))
    browser = browse(case.by)
    text = browser.get(at(case, "")).text
    assert text.index("甲区") < text.index("乙区")
    assert "20" in text and "show=to_be_named" in text
    assert "乙区" not in browser.get(at(case, "?q=甲")).text
    table = list(csv.reader(io.StringIO(browser.get(at(case, "list.csv")).get_data(as_text=True).lstrip("\ufeff"))))
    assert [row[:7] for row in table[1:]] == [
        ["甲区", "1", "2", "0", "3", "2", "0"],
        ["乙区", "1", "0", "1", "2", "2", "0"],
    ]
    assert browser.get(at(case, "list.xlsx")).data[:2] == b"PK"
    empty = Office(case.organization, case.by, factories.meeting(case.organization))
    assert "choose" in browser.get(at(empty, "")).text


def test_three_personas(app, browse):
    case, one = asked(1)
    foreign = Office(case.organization, case.by, factories.meeting(factories.organization("别处")))
    partly = factories.actor((Role.APPROVER, case.organization))
    stranger = factories.actor((Role.LIAISON, one.row))
    for rest in ("", "extend", "extend/letter"):
        got = [browse(who).get(page(case, one, rest)).status_code for who in (case.by, partly, stranger)]
        assert got == [200, 404, 404]
        assert browse(case.by).get(page(foreign, one, rest)).status_code == 404
    for rest in ("", "list.csv", "list.xlsx"):
        got = [browse(who).get(at(case, rest)).status_code for who in (case.by, partly, stranger)]
        assert got == [200, 404, 404]


@pytest.mark.parametrize(("typed", "kept"), [("12", 12), ("", None)])
def test_the_capacity_stands_in_the_form_and_is_changed_at_once(app, browse, typed, kept):
    case, _one = asked(1, capacity=5)
    send(case)
    browser, url = browse(case.by), f"/workspace/meetings/{case.meeting.id}/change"
    assert 'name="capacity"' in browser.get(url).text
    with write():
        facts = replace(MeetingFacts.of(case.meeting), capacity=int(typed) if typed else None)
        saved = save_change(case.meeting, facts, Seen.of(case.meeting, None), by=case.by, quiet=Quiet(10, 30))
    assert saved.changed is not None
    db.session.rollback()
    assert case.meeting.capacity == kept


def test_asked_of_the_capacity_stands_on_the_pages(app, browse):
    case, one = asked(2, capacity=3)
    browser = browse(case.by)
    assert "3个名额中已分配3个" in browser.get(at(case, "")).text
    page_ = browser.get(at(case, f"ask?way=named&organizations={one.row.id}&further=3")).text
    assert "3个名额中已分配3个" in page_ and "超出总名额" in page_
