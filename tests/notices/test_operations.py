"""The verbs: states, who may not approve, addresses, corrections, withdrawals, and what is put on record."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from eventsys.accounts.models import HeldRole
from eventsys.accounts.queries import load_actor
from eventsys.core.actor import Role
from eventsys.core.audit import AuditEntry
from eventsys.core.errors import DomainError, Stale
from eventsys.core.language import use_language
from eventsys.core.stamps import NOTICES, stamps
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.meetings.models import MeetingState
from eventsys.notices import operations as verbs
from eventsys.notices.models import (
    FindingReason,
    Notice,
    NoticeAuthor,
    NoticeRevision,
    NoticeState,
    NoticeVersion,
    ReviewEvent,
    VersionState,
)
from eventsys.notices.policy import can_approve, can_sign_off
from eventsys.notices.queries import find_begun, published_of
from eventsys.notices.text import NoticeText
from tests import factories
from tests.notices.world import ANYWAY, TEXT, approved, corrected, published, started, submitted, world


def acts() -> list[tuple[str, str]]:
    """The review record: act and reason."""
    return [(row.act, row.reason) for row in db.session.scalars(select(ReviewEvent).order_by(ReviewEvent.id))]


def audited() -> list[str]:
    statement = select(AuditEntry.action).where(AuditEntry.action.startswith("notice.")).order_by(AuditEntry.id)
    return list(db.session.scalars(statement))


def test_the_whole_way(app: Flask) -> None:
    here = world()
    notice = published(here)
    version = db.session.get(NoticeVersion, notice.published_id)
    assert version is not None
    assert (notice.state, version.state, notice.slug) == (
        NoticeState.PUBLISHED,
        VersionState.PUBLISHED,
        "citys-foreign-affairs-offices-meet",
    )
    assert acts() == [("start", ""), ("submit", ""), ("approve", ""), ("publish", "")]
    assert audited() == ["notice.start", "notice.submit", "notice.approve", "notice.publish"]
    with use_language("zh"):
        assert published_of(here.meeting.id) == [("全市外办主任会议召开", f"/notices/{notice.year}/{notice.slug}")]


def test_the_stamp_rises_with_what_readers_see_and_only_then(app: Flask) -> None:
    here = world()
    version = approved(here)
    assert stamps(NOTICES) == (0,)
    with write():
        notice = verbs.publish(version, by=here["editor"])
    assert stamps(NOTICES) == (1,)
    with write():
        verbs.withdraw(notice, "有误", "", by=here["editor"])
    assert stamps(NOTICES) == (2,)


@pytest.mark.parametrize("state", [MeetingState.DRAFT, MeetingState.SCHEDULED, MeetingState.CANCELLED])
def test_there_is_no_notice_before_the_meeting(app: Flask, state: MeetingState) -> None:
    here = world(state=state)
    with pytest.raises(DomainError), write():
        verbs.draft_from_record(here.meeting, by=here["editor"])
    assert db.session.scalar(select(Notice)) is None


def test_a_second_start_is_refused(app: Flask) -> None:
    here = world()
    started(here)
    with pytest.raises(DomainError), write():
        verbs.draft_from_record(here.meeting, by=here["editor"])
    assert len(db.session.scalars(select(Notice)).all()) == 1


def test_nobody_approves_a_text_they_saved(app: Flask) -> None:
    here = world()
    version = started(here)
    with write():
        verbs.save_version(version, TEXT, by=here["both"])
        verbs.submit(version, by=here["editor"])
    with pytest.raises(DomainError), write():
        verbs.approve(version, by=here["both"])
    work = find_begun(here.meeting.id)
    assert work is not None
    assert (can_sign_off(here["both"], work), can_approve(here["both"], work)) == (True, False)
    assert can_approve(here["approver"], work)
    assert version.state is VersionState.IN_REVIEW


def test_authors_are_those_who_saved_since_the_last_publication(app: Flask) -> None:
    here = world()
    notice = published(here)
    with write():
        version = verbs.start_correction(notice, "更正", "", by=here["other_editor"])
    authors = set(db.session.scalars(select(NoticeAuthor.account_id).where(NoticeAuthor.version_id == version.id)))
    assert authors == {here["other_editor"].account_id}


def test_saving_twice_makes_one_author_and_keeps_both_texts(app: Flask) -> None:
    here = world()
    version = started(here)
    with write():
        verbs.save_version(version, NoticeText.of(TEXT, title_zh="另题"), version.version, by=here["editor"])
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "notice.save")).one()
    assert (entry.before, entry.after) == ({}, {"number": 1, "changed": ["title_zh"], "revision": 2})
    statement = select(NoticeRevision).order_by(NoticeRevision.number)
    assert [row.text["title_zh"] for row in db.session.scalars(statement)] == ["全市外办主任会议召开", "另题"]
    assert len(db.session.scalars(select(NoticeAuthor)).all()) == 1


def test_the_second_of_two_editors_is_shown_the_first(app: Flask) -> None:
    here = world()
    version = started(here)
    seen = version.version
    with write():
        verbs.save_version(version, NoticeText.of(TEXT, title_zh="甲"), seen, by=here["editor"])
    with pytest.raises(Stale), write():
        verbs.save_version(version, NoticeText.of(TEXT, title_zh="乙"), seen, by=here["other_editor"])
    assert version.title_zh == "甲"


def test_an_approver_approves_what_they_read(app: Flask) -> None:
    here = world()
    version = submitted(here)
    seen = version.version
    with write():
        verbs.return_version(version, "补充数字", by=here["approver"])
    with write():
        verbs.save_version(version, NoticeText.of(TEXT, body_zh="<p>另文</p>"), by=here["editor"])
        verbs.submit(version, reasons=ANYWAY, by=here["editor"])
    with pytest.raises(Stale), write():
        verbs.approve(version, seen, by=here["approver"])


def test_a_text_under_review_cannot_be_saved(app: Flask) -> None:
    here = world()
    version = submitted(here)
    with pytest.raises(DomainError), write():
        verbs.save_version(version, NoticeText.of(TEXT, title_zh="改"), by=here["editor"])
    assert version.title_zh == TEXT.title_zh


def test_a_return_needs_a_reason_and_makes_a_draft(app: Flask) -> None:
    here = world()
    version = submitted(here)
    with pytest.raises(DomainError) as refusal, write():
        verbs.return_version(version, "", by=here["approver"])
    assert refusal.value.field == "reason"
    with write():
        verbs.return_version(version, "日期有误", by=here["approver"])
    assert (version.state, acts()[-1]) == (VersionState.DRAFT, ("return", "日期有误"))


@pytest.mark.parametrize(
    "lacking",
    [
        NoticeText(),
        NoticeText.of(TEXT, title_zh=""),
        NoticeText.of(TEXT, title_en=""),
        NoticeText(title_zh="只有标题", body_zh="<p><br></p>"),
    ],
)
def test_an_unfinished_text_is_not_sent(app: Flask, lacking: NoticeText) -> None:
    here = world()
    version = started(here, lacking)
    with pytest.raises(DomainError), write():
        verbs.submit(version, by=here["editor"])
    assert version.state is VersionState.DRAFT


def test_one_language_is_enough(app: Flask) -> None:
    here = world()
    notice = published(here, NoticeText(title_zh="外办主任会议", body_zh="<p>会议召开。</p>"))
    assert notice.slug == "wai-ban-zhu-ren-hui-yi"


def test_no_step_can_be_left_out(app: Flask) -> None:
    here = world()
    version = started(here)
    for verb in (verbs.approve, verbs.publish):
        with pytest.raises(DomainError), write():
            verb(version, by=here["approver"])
    assert version.state is VersionState.DRAFT


def test_equal_titles_get_numbers_and_an_emoji_a_word(app: Flask) -> None:
    here = world()
    slugs = []
    for title in ("Same title", "Same title", "Same title", "🎉🎉", "🎊"):
        here.meeting = factories.meeting(here.office, state=MeetingState.CONCLUDED)
        slugs.append(published(here, NoticeText(title_en=title, body_en="<p>Text.</p>")).slug)
    assert slugs == ["same-title", "same-title-2", "same-title-3", "untitled", "untitled-2"]


def test_a_correction_takes_the_address_over_and_the_old_version_stays(app: Flask) -> None:
    here = world()
    notice = published(here)
    address, first, modified = (notice.year, notice.slug), notice.published_at, notice.modified_at
    notice = corrected(here, notice, NoticeText.of(TEXT, title_en="Another title", correction_en="A wrong title."))
    states = [
        (row.number, row.state) for row in db.session.scalars(select(NoticeVersion).order_by(NoticeVersion.number))
    ]
    assert states == [(1, VersionState.SUPERSEDED), (2, VersionState.PUBLISHED)]
    assert ((notice.year, notice.slug), notice.published_at) == (address, first)
    assert notice.modified_at > modified


def test_a_correction_needs_its_note_and_comes_alone(app: Flask) -> None:
    here = world()
    notice = published(here)
    with pytest.raises(DomainError) as refusal, write():
        verbs.start_correction(notice, "", "", by=here["editor"])
    assert refusal.value.field == "note_zh"
    with write():
        verbs.start_correction(notice, "更正数字", "", by=here["editor"])
    with pytest.raises(DomainError), write():
        verbs.start_correction(notice, "再更正", "", by=here["editor"])


def test_a_withdrawal_needs_a_reason_and_ends_a_correction(app: Flask) -> None:
    here = world()
    notice = published(here)
    with write():
        version = verbs.start_correction(notice, "更正数字", "", by=here["editor"])
    with pytest.raises(DomainError), write():
        verbs.withdraw(notice, "", "", by=here["editor"])
    with write():
        verbs.withdraw(notice, "内容有误", "Wrong", by=here["editor"])
    assert (notice.state, version.state) == (NoticeState.WITHDRAWN, VersionState.SUPERSEDED)
    assert [href for _title, href in published_of(here.meeting.id)] == [f"/notices/?meeting={here.meeting.id}"]
    with pytest.raises(DomainError), write():
        verbs.withdraw(notice, "又", "", by=here["editor"])
    again = started(here)
    assert (again.number, again.notice_id != notice.id) == (1, True)


def test_what_was_found_is_on_record(app: Flask) -> None:
    here = world()
    version = started(here, NoticeText.of(TEXT, body_zh="<p>8月23日，全市外办主任会议召开，听取了工作汇报。</p>"))
    with use_language("zh"), write():
        verbs.submit(version, reasons=ANYWAY, by=here["editor"])
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "notice.submit")).one()
    assert entry.after == {"number": 1, "findings": ["date: body_zh"], "steps": 1}
    assert [row.reason for row in db.session.scalars(select(FindingReason))] == ["经核实无误"]


def test_an_approver_who_lost_the_role_is_none(app: Flask) -> None:
    here = world()
    submitted(here)
    with write() as session:
        row = session.scalars(
            select(HeldRole).where(HeldRole.person_id == here["approver"].person_id, HeldRole.role == Role.APPROVER)
        ).one()
        session.delete(row)
    work = find_begun(here.meeting.id)
    assert work is not None
    account_id = here["approver"].account_id
    assert account_id is not None
    assert not can_approve(load_actor(account_id), work)


def test_script_is_cleaned_when_a_text_is_made(app: Flask) -> None:
    text = NoticeText(
        body_zh='<p onclick="x()">甲<script>alert(1)</script><style>p{}</style></p>'
        '<p><a href="javascript:alert(1)">乙</a><img src=x onerror=alert(1)></p>'
    )
    assert text.body_zh == "<p>甲</p><p>乙</p>"
