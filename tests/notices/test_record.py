"""The first draft says what the record says, in both languages, and nothing else."""

from __future__ import annotations

from flask import Flask

from eventsys.agenda.models import AgendaKind
from eventsys.attendance.models import DoorAct
from eventsys.core.language import use_language
from eventsys.core.transaction import write
from eventsys.directory.models import OrganizationKind
from eventsys.meetings.models import Meeting
from eventsys.notices import operations as verbs
from eventsys.notices.drafting import Draft
from eventsys.notices.drafting import draft_in as drafted
from eventsys.notices.queries.record import record_of, reporters
from tests import factories
from tests.notices.world import World, agenda_item, came, world


def draft_in(meeting: Meeting, language: str) -> Draft:
    """The draft in one language in the product's own sentences."""
    return drafted(record_of(meeting), language, {})


DEPUTY = ("分管外事副区长", "Deputy district head in charge of foreign affairs")
DIRECTOR = ("外办主任", "Foreign affairs director")


def recorded() -> World:
    """A conference of three districts; the third was asked to report and nobody of it came."""
    here = world()
    agenda_item(here.meeting, 1, AgendaKind.OPENING, "开幕", "Opening")
    agenda_item(here.meeting, 2, AgendaKind.STUDY, "传达全会精神", "Decisions of the session")
    agenda_item(here.meeting, 3, AgendaKind.BREAK, "休息", "Break")
    for position, (zh, en) in enumerate((("和平区", "Heping District"), ("沈河区", "Shenhe District"))):
        district = factories.organization(zh, name_en=en, position=position)
        agenda_item(here.meeting, 4 + position, AgendaKind.WORK_REPORT, "汇报", "Report", district)
        came(here.meeting, district, *DEPUTY)
        came(here.meeting, district, *DIRECTOR)
    away = factories.organization("大东区", name_en="Dadong District", position=3)
    agenda_item(here.meeting, 7, AgendaKind.WORK_REPORT, "汇报", "Report", away)
    came(here.meeting, away, *DIRECTOR, act=None)
    stood_in = factories.organization("法库县", kind=OrganizationKind.COUNTY, name_en="Faku County", position=4)
    came(here.meeting, stood_in, "分管外事副县长", "Deputy county head", DoorAct.REPRESENTED)
    return here


def test_a_draft_in_chinese(app: Flask) -> None:
    draft = draft_in(recorded().meeting, "zh")
    assert draft == Draft(
        title="沈阳市人民政府外事办公室召开全市外办主任会议",
        body="<p>2024年8月22日，沈阳市人民政府外事办公室召开全市外办主任会议，学习“传达全会精神”，听取工作汇报。</p>"
        "<p>和平区、沈河区分管外事副区长、外办主任；法库县代表参加会议。</p>"
        "<h2>会议议程</h2><p>会议依次进行以下议程：传达全会精神。</p>"
        "<h2>工作汇报</h2><p>和平区、沈河区等2个单位依次汇报了工作。</p>",
        attended="和平区、沈河区分管外事副区长、外办主任；法库县代表",
        department="沈阳市人民政府外事办公室",
    )


def test_a_draft_in_english(app: Flask) -> None:
    draft = draft_in(recorded().meeting, "en")
    attended = (
        "deputy district head in charge of foreign affairs and foreign affairs director of Heping District and "
        "Shenhe District; a representative of Faku County"
    )
    assert draft == Draft(
        title="Shenyang Foreign Affairs Office holds “Municipal conference of foreign affairs offices”",
        body="<p>On 22 August 2024, Shenyang Foreign Affairs Office held “Municipal conference of foreign affairs "
        "offices” to study “Decisions of the session” and hear work reports.</p>"
        f"<p>It was attended by {attended}.</p>"
        "<h2>Items of the meeting</h2><p>The agenda in its order: Decisions of the session.</p>"
        "<h2>Work reports</h2><p>2 organizations reported on their work in turn: Heping District and Shenhe "
        "District.</p>",
        attended="D" + attended[1:],
        department="Shenyang Foreign Affairs Office",
    )


def test_an_empty_record_gives_one_sentence(app: Flask) -> None:
    here = world()
    assert draft_in(here.meeting, "zh").body == "<p>2024年8月22日，沈阳市人民政府外事办公室召开全市外办主任会议。</p>"
    assert draft_in(here.meeting, "zh").attended == ""


def test_a_meeting_without_an_english_title_gives_no_english_draft(app: Flask) -> None:
    here = world(title_en="")
    assert draft_in(here.meeting, "en") == Draft()


def test_markup_in_the_record_is_text(app: Flask) -> None:
    here = world(title_zh="<b>会议</b>")
    assert "召开&lt;b&gt;会议&lt;/b&gt;。" in draft_in(here.meeting, "zh").body
    with write():
        version = verbs.draft_from_record(here.meeting, by=here["editor"])
    assert "召开&lt;b&gt;会议&lt;/b&gt;。" in version.body_zh


def test_nobody_is_named(app: Flask) -> None:
    here = world()
    district = factories.organization("和平区", name_en="Heping District")
    post = factories.post(district, *DIRECTOR)
    factories.attendee(here.meeting, factories.person("王小明", name_en="Wang Xiaoming", post=post), post=post)
    for language, name in (("zh", "王小明"), ("en", "Wang")):
        draft = draft_in(here.meeting, language)
        assert name not in draft.body + draft.attended + draft.title


def test_an_office_with_many_posts_is_its_staff(app: Flask) -> None:
    here = world()
    for number in range(4):
        came(here.meeting, here.office, f"第{number}处处长", f"Head of division {number}")
    assert draft_in(here.meeting, "zh").attended == "沈阳市人民政府外事办公室工作人员"
    assert draft_in(here.meeting, "en").attended == "Staff of Shenyang Foreign Affairs Office"


def test_a_post_without_an_english_title_leaves_the_organization(app: Flask) -> None:
    here = world()
    district = factories.organization("和平区", name_en="Heping District")
    came(here.meeting, district, "外办主任", "")
    assert draft_in(here.meeting, "en").attended == "Staff of Heping District"


def test_who_was_not_there_did_not_report(app: Flask) -> None:
    with use_language("zh"):
        assert reporters(recorded().meeting) == ["和平区", "沈河区"]


def test_the_verb_keeps_both_languages(app: Flask) -> None:
    here = recorded()
    with write():
        version = verbs.draft_from_record(here.meeting, by=here["editor"])
    assert (version.attended_zh, version.department_en) == (
        "和平区、沈河区分管外事副区长、外办主任；法库县代表",
        "Shenyang Foreign Affairs Office",
    )
