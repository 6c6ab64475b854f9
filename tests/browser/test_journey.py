"""The main job, end to end, as the different people see it: on a desktop in Chinese, on phones in English."""

from __future__ import annotations

import pytest

from tests.browser.people import DESKTOP, PHONE, People
from tests.browser.steps import answer, attend, change, convene, invite, publish
from tests.browser.steps.story import Story

WALKS = {
    "zh-desktop": ("zh", DESKTOP, "重点外事活动协调会", "Coordination meeting on key foreign affairs events"),
    "en-phone": ("en", PHONE, "对外交流工作推进会", "Meeting on advancing exchange work"),
}


@pytest.mark.browser
@pytest.mark.parametrize("walk", WALKS)
def test_a_meeting_from_the_draft_to_the_published_notice(walk: str, people: People) -> None:
    language, screen, title_zh, title_en = WALKS[walk]
    story = Story(people, language, screen, title_zh, title_en)
    _convene(story)
    _invite(story)
    _answer(story)
    _change(story)
    _attend(story)
    _publish(story)
    _look_back(story)


def _convene(story: Story) -> None:
    with story.person("organizer") as organizer:
        convene.draft(organizer, story)
        convene.set_agenda(organizer, story)
        convene.schedule(organizer, story)


def _invite(story: Story) -> None:
    with story.person("organizer") as organizer:
        invite.choose_audience(organizer, story)
        invite.send(organizer, story)
    with story.person("administrator") as administrator:
        invite.read_invitation(administrator, story, answer.ACCEPTS_THEN_ASKS_LEAVE)
        invite.read_invitation(administrator, story, answer.NAMES_SUBSTITUTE)


def _answer(story: Story) -> None:
    with story.invitee() as invitee:
        answer.accept_then_ask_leave(invitee, story)
    with story.invitee() as invitee:
        answer.name_substitute(invitee, story)
    with story.person("liaison") as liaison:
        answer.answer_in_portal(liaison, story)
    with story.person("organizer") as organizer:
        answer.see_answers(organizer, story)
        answer.grant_leave(organizer, story)
        answer.answer_on_behalf(organizer, story)
        answer.remind(organizer, story)
    with story.person("administrator") as administrator:
        answer.read_decision(administrator, story)


def _change(story: Story) -> None:
    with story.person("organizer") as organizer:
        change.move(organizer, story)
    with story.person("administrator") as administrator:
        change.read_update(administrator, story)
    with story.invitee() as invitee:
        change.see_change(invitee, story)


def _attend(story: Story) -> None:
    with story.person("administrator") as administrator:
        attend.send_to_door(administrator, story)
    with story.person("check_in") as door:
        attend.stand_at_door(door, story)
    with story.person("organizer") as organizer:
        attend.close(organizer, story)


def _publish(story: Story) -> None:
    with story.person("editor") as editor:
        publish.write(editor, story)
        publish.send_for_approval(editor, story)
    with story.person("approver") as approver:
        publish.give_back(approver, story)
    with story.person("editor") as editor:
        publish.mend(editor, story)
        publish.send_for_approval(editor, story)
    with story.person("approver") as approver:
        publish.approve(approver, story)
    with story.person("editor") as editor:
        publish.publish(editor, story)
    with story.people.somebody(story.language, story.screen) as reader:
        publish.read(reader, story)


def _look_back(story: Story) -> None:
    with story.person("administrator") as administrator:
        publish.find_acts(administrator, story)
