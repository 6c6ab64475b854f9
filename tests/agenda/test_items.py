"""The agenda's pages: order by drag and by buttons, presenters by search, refusals at their fields."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from eventsys.agenda.queries import timed_items
from eventsys.core.actor import Role
from eventsys.core.search_text import index_text
from eventsys.extensions import db
from eventsys.meetings.models import Meeting
from tests import factories
from tests.agenda.samples import agenda, item
from tests.meetings.counting import statements
from tests.meetings.samples import START, office, organizer
from tests.personas import Browse
from tests.web.forms import post


@pytest.fixture
def meeting(app: Flask) -> Meeting:
    return factories.meeting(office(), starts_at=START)


def base(meeting: Meeting) -> str:
    return f"/workspace/meetings/{meeting.id}/agenda/"


def shown(meeting: Meeting) -> list[str]:
    db.session.rollback()
    return [each.title for each in timed_items(meeting)]


def test_items_are_added_one_after_the_other(meeting: Meeting, browse: Browse) -> None:
    client = browse(organizer(meeting.convener))
    sent = {"kind": "opening", "minutes": "10", "title_zh": "开幕"}
    first = post(client, base(meeting) + "new", {**sent, "again": "1"})
    second = post(client, base(meeting) + "new", {**sent, "title_zh": "学习"})
    assert (first.location, second.location) == (base(meeting) + "new", base(meeting))
    assert shown(meeting) == ["开幕", "学习"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"minutes": ""}, [("minutes", "Enter the length in minutes")]),
        ({"minutes": "ten"}, [("minutes", "Enter the length as a whole number of minutes")]),
        ({"minutes": "-5"}, [("minutes", "Enter the length as a whole number of minutes")]),
        ({"minutes": "0"}, [("minutes", "Enter a length between 1 and 1,440 minutes")]),
        ({"title_zh": ""}, [("title_zh", "Enter a title")]),
        ({"kind": "dance"}, [("kind", "Choose one from the list")]),
        ({"presenter_organization_id": "x"}, [("presenter_organization_id", "Choose an organization from the list")]),
        ({"presenter_person_id": "99"}, [("presenter_person_id", "Choose a person from the search&#39;s results")]),
    ],
)
def test_refusals_stand_at_their_fields(
    meeting: Meeting, browse: Browse, changes: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    sent = {"kind": "opening", "minutes": "10", "title_zh": "开幕", **changes}
    answer = post(browse(organizer(meeting.convener)), base(meeting) + "new?lang=en", sent)
    assert answer.status_code == 422
    assert re.findall(r'<li><a href="#(\w+)">(.+?)</a></li>', answer.text) == expected
    assert shown(meeting) == []


def test_a_presenter_is_found_without_saving_and_then_chosen(meeting: Meeting, browse: Browse) -> None:
    zhang = factories.person("张伟", search_text=index_text(names=("张伟",)))
    client = browse(organizer(meeting.convener))
    sent = {"kind": "speech", "minutes": "10", "title_zh": "讲话", "person_query": "zhangwei"}
    found = post(client, base(meeting) + "new", {**sent, "find": "1"})
    assert found.status_code == 200
    assert f'name="presenter_person_id" type="radio" value="{zhang.id}"' in found.text
    assert shown(meeting) == []
    post(client, base(meeting) + "new", {**sent, "presenter_person_id": str(zhang.id)})
    db.session.rollback()
    assert timed_items(meeting)[0].presenter == "张伟"


def test_buttons_and_the_drag_put_items_in_order(meeting: Meeting, browse: Browse) -> None:
    first, second, third = agenda(meeting, organizer(meeting.convener), "一", "二", "三")
    ids = [str(each.id) for each in (first, second, third)]
    client = browse(organizer(meeting.convener))
    up = post(client, base(meeting) + "order", {"up": ids[2], "order": ids}, page=base(meeting))
    assert (up.location, shown(meeting)) == (f"{base(meeting)}?moved=up-{ids[2]}", ["一", "三", "二"])
    page = client.get(up.location).text
    assert len(re.findall(rf'<button name="up" value="{ids[2]}"[^>]* autofocus>', page)) == 1
    down = post(client, base(meeting) + "order", {"down": ids[0], "order": ids}, page=base(meeting))
    assert (down.status_code, shown(meeting)) == (302, ["三", "一", "二"])
    drag = post(client, base(meeting) + "order", {"order": ids}, page=base(meeting))
    assert (drag.location, shown(meeting)) == (base(meeting), ["一", "二", "三"])


def test_an_order_of_what_is_not_there_any_more_is_refused(meeting: Meeting, browse: Browse) -> None:
    (only,) = agenda(meeting, organizer(meeting.convener), "一")
    client = browse(organizer(meeting.convener))
    url = base(meeting) + "order"
    for sent in ({"order": [str(only.id), "999"]}, {"up": "999"}, {"order": ["x"]}, {}):
        assert post(client, url, sent, page=base(meeting)).status_code == 422
    assert shown(meeting) == ["一"]


def test_the_second_of_two_changes_sees_both_texts(meeting: Meeting, browse: Browse) -> None:
    (only,) = agenda(meeting, organizer(meeting.convener), "一")
    client, url = browse(organizer(meeting.convener)), f"{base(meeting)}{only.id}/edit"
    sent = {"kind": "other", "minutes": "30", "version": str(only.version)}
    assert post(client, url, {**sent, "title_zh": "甲"}).status_code == 302
    answer = post(client, url, {**sent, "title_zh": "乙"})
    assert answer.status_code == 409
    assert re.findall(r'<div class="compare-text[^>]*>([^<]*)</div>', answer.text) == ["乙", "甲"]
    assert shown(meeting) == ["甲"]


def test_removing_asks_first(meeting: Meeting, browse: Browse) -> None:
    (only,) = agenda(meeting, organizer(meeting.convener), "一")
    client, url = browse(organizer(meeting.convener)), f"{base(meeting)}{only.id}/remove"
    assert client.get(url).status_code == 200
    assert shown(meeting) == ["一"]
    assert post(client, url).location == base(meeting)
    assert shown(meeting) == []


def test_an_item_of_another_meeting_is_not_there(meeting: Meeting, browse: Browse) -> None:
    by = organizer(meeting.convener)
    (foreign,) = agenda(factories.meeting(meeting.convener), by, "别的")
    client = browse(by)
    assert {client.get(f"{base(meeting)}{foreign.id}/{each}").status_code for each in ("edit", "remove")} == {404}


def test_staff_who_only_read_see_no_buttons(meeting: Meeting, browse: Browse) -> None:
    by = organizer(meeting.convener)
    (only,) = agenda(meeting, by, "一")
    editor = browse(factories.actor((Role.EDITOR, meeting.convener)))
    page = editor.get(base(meeting))
    assert (page.status_code, 'name="up"' in page.text, "/agenda/new" in page.text) == (200, False, False)
    assert editor.get(f"{base(meeting)}{only.id}/edit").status_code == 404


def test_an_agenda_that_is_too_long_is_a_warning(meeting: Meeting, browse: Browse) -> None:
    by = organizer(meeting.convener)
    item(meeting, by, "长", 150)
    page = browse(by).get(base(meeting) + "?lang=en").text
    assert "The agenda is 30 minutes longer than the meeting." in page
    assert "150 of 120 minutes" in page
    assert page.count('<line class="tl-end" x1="80.0%"') == 1


def test_the_page_asks_the_same_number_of_questions_at_every_length(meeting: Meeting, browse: Browse) -> None:
    by = organizer(meeting.convener)
    counts = []
    client = browse(by)
    for titles in (("一",), tuple("二三四五六七八九十")):
        agenda(meeting, by, *titles)
        client.get(base(meeting))
        with statements() as asked:
            client.get(base(meeting))
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 10
