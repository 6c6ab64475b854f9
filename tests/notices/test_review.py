"""Review in several steps: who may take which, in which order, until when, and who stands in."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, select, update

from eventsys.accounts.models import Account, HeldRole
from eventsys.core.actor import Role
from eventsys.core.clock import now
from eventsys.core.errors import DomainError
from eventsys.core.letters import kind_of
from eventsys.core.outbox import Letter
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.meetings.models import MeetingState
from eventsys.notices import operations as verbs
from eventsys.notices.letters import ASKED, REMINDED
from eventsys.notices.models import NoticeReview, NoticeVersion, ReviewEvent, StepState, VersionState
from eventsys.notices.operations import house
from eventsys.notices.queries import find_begun
from eventsys.notices.queries.review import DEFAULT, PlannedStep, lacking_reviewer, plan_for, staff_of
from eventsys.notices.text import NoticeText
from eventsys.notices.views.differences import since_last_look
from tests import factories
from tests.notices.world import ANYWAY, TEXT, World, started, submitted, world
from tests.personas import Browse
from tests.web.forms import post

W, O, P, R, E = (  # noqa: E741
    *(StepState.WAITING, StepState.OPEN, StepState.PASSED, StepState.RETURNED, StepState.ENDED),
)


@pytest.fixture
def here(app: Flask) -> World:
    """An office with a second approver and two more editors."""
    found = world()
    for name, role in (("second", Role.APPROVER), ("reader", Role.EDITOR), ("deputy", Role.ORGANIZER)):
        person = factories.person(name_en=name)
        account = factories.account(person)
        factories.holds(person, role, found.office)
        found.accounts[name] = account
        from eventsys.accounts.queries import load_actor

        found.actors[name] = load_actor(account.id)
    return found


def steps(here: World, *planned: PlannedStep, in_order: bool = True) -> None:
    """The office's steps."""
    for position, step in enumerate(planned, 1):
        with write():
            seen = house.plan_of(here.office.path)
            house.set_step(here.office, position, step, seen.version if seen else 0, by=here["approver"])
    plan = house.plan_of(here.office.path)
    assert plan is not None
    with write():
        house.set_order(here.office, in_order, plan.version, by=here["approver"])


def named(here: World, *names: str, instead: tuple[str, ...] = (), days: int | None = None) -> PlannedStep:
    return PlannedStep(
        "初审",
        "First",
        None,
        days,
        tuple(here.accounts[n].id for n in names),
        tuple(here.accounts[n].id for n in instead),
    )


def by_role(role: Role = Role.APPROVER, days: int | None = None) -> PlannedStep:
    return PlannedStep("终审", "Last", role, days)


def states() -> list[StepState]:
    db.session.rollback()
    rows = db.session.scalars(select(NoticeReview).order_by(NoticeReview.round, NoticeReview.position)).unique()
    return [row.state for row in rows]


def takers(here: World) -> list[set[str]]:
    db.session.rollback()
    work = find_begun(here.meeting.id)
    assert work is not None
    names = {account.id: name for name, account in here.accounts.items()}
    return [{names[each.account_id] for each in step.takers} for step in work.waiting]


def passes(here: World, row: NoticeVersion, name: str, remarks: str = "") -> None:
    with write():
        verbs.approve(row, reasons=ANYWAY, remarks=remarks, by=here[name])


def letters(kind: str) -> list[str]:
    db.session.rollback()
    return sorted(db.session.scalars(select(Letter.address).where(Letter.kind == kind)))


def address(here: World, *names: str) -> list[str]:
    return sorted(here.accounts[name].email for name in names)


def test_three_steps_in_order(here: World) -> None:
    steps(here, named(here, "reader"), by_role(), PlannedStep("签发", "Sign", Role.ORGANIZER, 2))
    row = submitted(here)
    assert (states(), takers(here)) == ([O, W, W], [{"reader"}])
    with pytest.raises(DomainError), write():
        verbs.approve(row, reasons=ANYWAY, by=here["approver"])
    passes(here, row, "reader", "已核对数字")
    assert (states(), row.state) == ([P, O, W], VersionState.IN_REVIEW)
    passes(here, row, "approver")
    passes(here, row, "organizer")
    assert (states(), row.state) == ([P, P, P], VersionState.APPROVED)
    acts = [(each.act, each.reason) for each in db.session.scalars(select(ReviewEvent).order_by(ReviewEvent.id))]
    assert acts[2:] == [("pass", "初审\n已核对数字"), ("pass", "终审"), ("approve", "签发")]


def test_all_at_once(here: World) -> None:
    steps(here, named(here, "reader"), by_role(), in_order=False)
    row = submitted(here)
    assert states() == [O, O]
    passes(here, row, "approver")
    assert (states(), row.state) == ([O, P], VersionState.IN_REVIEW)
    passes(here, row, "reader")
    assert row.state is VersionState.APPROVED


def test_nobody_takes_two_steps_of_one_text(here: World) -> None:
    steps(here, by_role(), by_role())
    row = submitted(here)
    passes(here, row, "approver")
    assert takers(here) == [{"second", "both"}]
    with pytest.raises(DomainError), write():
        verbs.approve(row, reasons=ANYWAY, by=here["approver"])


def test_an_author_takes_none_though_named(here: World) -> None:
    steps(here, named(here, "editor", "reader"))
    row = submitted(here)
    assert takers(here) == [{"reader"}]
    with pytest.raises(DomainError, match="您参与了撰写"), write():
        verbs.approve(row, reasons=ANYWAY, by=here["editor"])


def test_a_return_ends_the_round_and_the_next_begins_anew(here: World) -> None:
    steps(here, named(here, "reader"), by_role())
    row = submitted(here)
    passes(here, row, "reader")
    with write():
        verbs.return_version(row, "数字不符", by=here["approver"])
    assert (states(), row.state) == ([P, R], VersionState.DRAFT)
    with write():
        verbs.submit(row, reasons=ANYWAY, by=here["editor"])
    assert states() == [P, R, O, W]
    with write():
        verbs.return_version(row, "我再改一下", by=here["editor"])
    assert states() == [P, R, E, E], "who takes the own text back has returned no step"


def test_a_text_that_nobody_could_review_is_not_sent(here: World) -> None:
    steps(here, named(here, "editor"))
    row = started(here)
    with pytest.raises(DomainError, match="初审"), write():
        verbs.submit(row, reasons=ANYWAY, by=here["editor"])
    assert row.state is VersionState.DRAFT


def test_each_step_needs_somebody_of_its_own(here: World) -> None:
    staff = staff_of(here.office.path)
    one, two = (here.accounts[name].id for name in ("approver", "second"))
    first = PlannedStep("一", "", None, None, (one, two))
    only = PlannedStep("二", "", None, None, (one,))
    assert lacking_reviewer(plan_for(here.office.path), staff, {}) is None
    assert lacking_reviewer(type(DEFAULT)((first, only)), staff, set()) is None
    assert lacking_reviewer(type(DEFAULT)((first, only)), staff, {two}) == only
    assert lacking_reviewer(type(DEFAULT)((only, only)), staff, set()) == only


def test_a_reviewer_who_lost_the_role_or_the_account_takes_none(here: World) -> None:
    steps(here, named(here, "reader", instead=("deputy",), days=3), by_role())
    row = submitted(here)
    assert takers(here) == [{"reader"}]
    with write() as session:
        session.execute(delete(HeldRole).where(HeldRole.person_id == here["reader"].person_id))
    assert takers(here) == [{"deputy"}], "the substitute stands in where nobody else can"
    with pytest.raises(DomainError), write():
        verbs.approve(row, reasons=ANYWAY, by=here["reader"])
    with write() as session:
        session.execute(update(Account).where(Account.id == here.accounts["deputy"].id).values(active=False))
    assert takers(here) == [set()]
    with pytest.raises(DomainError), write():
        verbs.approve(row, reasons=ANYWAY, by=here["deputy"])


def test_what_was_passed_stays_passed_when_the_role_is_lost(here: World) -> None:
    steps(here, named(here, "reader"), by_role())
    row = submitted(here)
    passes(here, row, "reader")
    with write() as session:
        session.execute(delete(HeldRole).where(HeldRole.person_id == here["reader"].person_id))
    passes(here, row, "approver")
    assert row.state is VersionState.APPROVED


def test_a_substitute_stands_in_once_the_step_is_overdue(here: World) -> None:
    steps(here, named(here, "reader", instead=("deputy",), days=2))
    row = submitted(here)
    assert takers(here) == [{"reader"}]
    with time_machine.travel(now() + timedelta(days=2), tick=False):
        assert takers(here) == [{"reader", "deputy"}]
        passes(here, row, "deputy")
    step = db.session.scalars(select(NoticeReview)).unique().one()
    assert (step.stood_in, step.by) == (True, here["deputy"].label)


def assign(here: World, row: NoticeVersion, name: str, by: str = "approver", position: int = 1) -> None:
    with write():
        verbs.assign_reviewer(row, position, here.accounts[name].id, "出差", by=here[by])


def test_another_reviewer_for_a_step_that_waits(here: World) -> None:
    steps(here, named(here, "reader"), by_role())
    row = submitted(here)
    assign(here, row, "deputy")
    assert takers(here) == [{"reader", "deputy"}]
    assert letters(ASKED) == address(here, "reader", "deputy")
    line = db.session.scalars(select(ReviewEvent).order_by(ReviewEvent.id.desc())).first()
    name = here["deputy"].label
    assert line is not None
    assert (line.act, line.by, line.reason) == ("assign", here["approver"].label, f"初审: {name}\n出差")
    passes(here, row, "deputy")
    assert states() == [P, O]
    assert not db.session.scalars(select(NoticeReview)).unique().all()[0].stood_in


def test_a_substitute_may_be_asked_before_the_step_is_overdue(here: World) -> None:
    steps(here, named(here, "reader", instead=("deputy",), days=3), by_role())
    row = submitted(here)
    assert takers(here) == [{"reader"}]
    assign(here, row, "deputy")
    assert takers(here) == [{"reader", "deputy"}]


@pytest.mark.parametrize(
    ("name", "position"),
    [("editor", 1), ("reader", 1), ("member", 1), ("stranger_editor", 1), ("deputy", 2), ("deputy", 3)],
    ids=["author", "asked already", "no role", "elsewhere", "step not open", "no such step"],
)
def test_who_cannot_be_asked(here: World, name: str, position: int) -> None:
    steps(here, named(here, "reader"), by_role())
    row = submitted(here)
    before = letters(ASKED)
    with pytest.raises(DomainError):
        assign(here, row, name, position=position)
    assert (takers(here), letters(ASKED)) == ([{"reader"}], before)


def test_whoever_passed_a_step_is_not_asked_for_the_next(here: World) -> None:
    steps(here, named(here, "reader"), by_role())
    row = submitted(here)
    passes(here, row, "reader")
    with pytest.raises(DomainError):
        assign(here, row, "reader", position=2)
    with pytest.raises(DomainError):
        assign(here, row, "deputy", position=1)


def test_another_reviewer_on_the_pages(here: World, browse: Browse) -> None:
    steps(here, named(here, "reader"), by_role())
    submitted(here)
    base = f"/workspace/meetings/{here.meeting.id}/notice"
    url = f"{base}/steps/1/reviewer"
    approver = browse(here["approver"])
    assert f'href="{url}"' in approver.get(base).text
    assert f'href="{url}"' not in browse(here["editor"]).get(base).text
    page = approver.get(f"{url}?lang=en").text
    assert ("Asked by now: reader." in page, f'value="{here.accounts["editor"].id}"' in page) == (True, False)
    assert post(approver, url, {"account_id": ""}).status_code == 422
    assert post(approver, url, {"account_id": str(here.accounts["deputy"].id), "reason": ""}).status_code == 302
    assert "deputy" in approver.get(base).text
    assert takers(here) == [{"reader", "deputy"}]
    closed = approver.get(f"{base}/steps/2/reviewer?lang=en").text
    assert "This step does not wait for anybody any more." in closed
    for name in ("editor", "reader", "stranger_editor"):
        assert browse(here[name]).get(url).status_code == 404
    assert approver.get(f"{base}/steps/9/reviewer").status_code == 404


def test_the_offices_steps_change_nothing_for_a_text_on_its_way(here: World) -> None:
    row = submitted(here)
    steps(here, by_role(), named(here, "reader"))
    passes(here, row, "approver")
    assert row.state is VersionState.APPROVED


def test_letters_go_to_those_whose_step_opens(here: World) -> None:
    steps(here, named(here, "reader"), by_role())
    row = submitted(here)
    assert letters(ASKED) == address(here, "reader")
    passes(here, row, "reader")
    assert letters(ASKED) == address(here, "reader", "approver", "second", "both")
    letter = db.session.scalars(select(Letter).where(Letter.address == here.accounts["second"].email)).one()
    words = kind_of(ASKED).render(letter_common(letter), letter.facts, "zh")
    assert words.subject == "一篇会议消息待您审核"
    assert "《全市外办主任会议召开》，环节：终审" in words.text
    assert f"/workspace/meetings/{here.meeting.id}/notice" in words.text
    waiting = db.session.scalars(select(Letter).where(Letter.kind == ASKED)).all()
    passes(here, row, "approver")
    db.session.rollback()
    assert kind_of(ASKED).stale(waiting) == {each.id for each in waiting}


def letter_common(letter: Letter) -> dict[str, object]:
    from eventsys.core.outbox import LetterBatch

    return db.session.get_one(LetterBatch, letter.batch_id).common


def test_reminders_before_and_after_the_deadline_once_each(here: World) -> None:
    steps(here, named(here, "reader", instead=("deputy",), days=3))
    submitted(here)
    at = now()
    sent = []
    for days in (0, 1.9, 2.1, 2.5, 3.1, 3.1, 9):
        with time_machine.travel(at + timedelta(days=days), tick=False):
            sent.append(verbs.remind_when_due())
    assert sent == [0, 0, 1, 0, 2, 0, 0]
    assert letters(REMINDED) == address(here, "reader", "reader", "deputy")


def test_a_reminder_by_hand_at_most_once_an_hour(here: World) -> None:
    row = submitted(here)
    at = now()
    with pytest.raises(DomainError), write():
        verbs.remind_reviewers(row, by=here["editor"])
    with time_machine.travel(at + timedelta(hours=2), tick=False):
        with write():
            assert verbs.remind_reviewers(row, by=here["editor"]) == 3
        with pytest.raises(DomainError), write():
            verbs.remind_reviewers(row, by=here["editor"])
    assert letters(REMINDED) == address(here, "approver", "second", "both")


def test_what_changed_since_the_reviewers_last_look(here: World) -> None:
    row = submitted(here)
    work = find_begun(here.meeting.id)
    assert work is not None
    assert since_last_look(work, here["approver"].account_id).first
    with write():
        verbs.return_version(row, "标题再具体些", by=here["approver"])
    with write():
        verbs.save_version(row, NoticeText.of(TEXT, title_zh="全市外办主任会议在沈阳召开"), by=here["editor"])
        verbs.submit(row, reasons=ANYWAY, by=here["editor"])
    db.session.rollback()
    work = find_begun(here.meeting.id)
    assert work is not None
    look = since_last_look(work, here["approver"].account_id)
    assert [(each.label, each.changes[0].pieces) for each in look.differences] == [
        ("中文标题", (("kept", "全市外办主任会议"), ("put_in", "在沈阳"), ("kept", "召开"))),
    ]
    assert since_last_look(work, here["second"].account_id).first


def test_the_record_on_one_sheet_and_the_page_of_a_step(here: World, browse: Browse) -> None:
    steps(here, named(here, "reader", days=2), by_role())
    row = started(here, NoticeText.of(TEXT, body_zh="<p>8月23日，会议召开，听取了各区的工作汇报。</p>"))
    base = f"/workspace/meetings/{here.meeting.id}/notice"
    with write():
        verbs.submit(row, reasons=ANYWAY, by=here["editor"])
    reader = browse(here["reader"])
    reader.set_cookie("lang", "en")
    page = reader.get(f"{base}/approve").text
    assert "Step 1 of 2: First" in page
    assert "May stand: 经核实无误" in page
    hidden = {
        name: page.split(f'name="{name}" type="hidden" value="')[1].split('"')[0] for name in ("version", "shown")
    }
    assert post(reader, f"{base}/approve", {**hidden, "remarks": "数字无误"}).status_code == 302
    assert browse(here["stranger_editor"]).get(f"{base}/record").status_code == 404
    sheet = reader.get(f"{base}/record").text
    for words in ("First", "数字无误", here["reader"].label, here["editor"].label, "经核实无误"):
        assert words in sheet
    assert browse(here["deputy"]).get(f"{base}/approve").status_code == 404


@pytest.mark.filterwarnings("error:.*cartesian product")
def test_what_waits_is_listed_for_those_who_can_take_it(here: World, browse: Browse) -> None:
    steps(here, named(here, "reader", instead=("deputy",), days=1), by_role())
    submitted(here)

    def listed() -> set[str]:
        found = set()
        for name in ("reader", "deputy", "approver", "editor", "stranger_editor"):
            lists = browse(here[name]).get("/workspace/notices/?show=mine").text.count("meeting-link")
            home = browse(here[name]).get("/workspace/?lang=en").text.count("Review a summary notice")
            assert lists == home, name
            found |= {name} if lists else set()
        return found

    assert listed() == {"reader"}
    with time_machine.travel(now() + timedelta(days=1, hours=1), tick=False):
        assert listed() == {"reader", "deputy"}


def test_a_notice_is_reviewed_where_it_was_convened(here: World) -> None:
    below = factories.organization("下属单位", parent=here.office)
    here.meeting = factories.meeting(
        below, state=MeetingState.CONCLUDED, starts_at=here.meeting.starts_at, title_zh="会议", title_en="Meeting"
    )
    row = submitted(here)
    assert takers(here) == [{"approver", "second", "both"}]
    passes(here, row, "approver")
    assert row.state is VersionState.APPROVED
