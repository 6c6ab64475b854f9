"""What an office keeps: words to avoid, sentences, steps of review; inherited from above until it has its own."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventsys.core.actor import Role
from eventsys.core.audit import AuditEntry
from eventsys.core.errors import DomainError, Stale
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.notices.checks import Kind, findings
from eventsys.notices.drafting import first_draft
from eventsys.notices.models import AvoidedWord, NoticeSentence, ReviewPlan
from eventsys.notices.operations import house
from eventsys.notices.queries.house import plan_of, sentences_of
from eventsys.notices.queries.review import DEFAULT, PlannedStep, as_plan, plan_for
from eventsys.notices.sentences import SENTENCES, fill, unknown
from eventsys.notices.text import NoticeText
from tests import factories
from tests.notices.world import TEXT, World, started, world
from tests.personas import Browse
from tests.web.forms import post

FIRST = PlannedStep("初审", "First reading", Role.EDITOR, 2)
SECOND = PlannedStep("终审", "Last reading", Role.APPROVER, None)


@pytest.fixture
def here(app: Flask) -> World:
    return world()


@pytest.fixture
def approver(here: World, browse: Browse) -> FlaskClient:
    client = browse(here["approver"])
    client.set_cookie("lang", "en")
    return client


def audited() -> list[str]:
    db.session.rollback()
    statement = select(AuditEntry.action).where(AuditEntry.action.startswith("organization.")).order_by(AuditEntry.id)
    return [action for action in db.session.scalars(statement) if "word" in action or "set" in action]


def test_words_are_found_in_any_case_with_what_to_write_instead(here: World) -> None:
    with write():
        house.add_word(
            here.office, house.WordFacts("THEY heard", "the meeting heard", "Name the actor."), by=here["editor"]
        )
        house.add_word(here.office, house.WordFacts("召开", blocks=True), by=here["editor"])
    found = [each for each in findings(started(here)) if each.kind is Kind.AVOIDED]
    assert [(each.field, each.words, each.blocks) for each in found] == [
        ("title_zh", "召开", True),
        ("body_zh", "召开", True),
        ("body_en", "They heard", False),
    ]
    assert audited() == ["organization.add_word", "organization.add_word"]


@pytest.mark.parametrize("words", ["", "慎用", "慎用".upper()])
def test_words_stand_on_the_list_once(here: World, words: str) -> None:
    with write():
        house.add_word(here.office, house.WordFacts("慎用"), by=here["editor"])
    with pytest.raises(DomainError), write():
        house.add_word(here.office, house.WordFacts(words), by=here["editor"])


def test_a_list_counts_for_the_offices_below_and_not_beside(here: World) -> None:
    below = factories.organization("下属单位", parent=here.office)
    with write():
        word = house.add_word(here.office, house.WordFacts("慎用"), by=here["editor"])
        house.set_sentence(here.office, "came", "zh", "到会：{参会人员}。", 0, by=here["editor"])
        house.set_step(here.office, 2, SECOND, 0, by=here["approver"])
    assert sentences_of(below.path) == {("came", "zh"): "到会：{参会人员}。"}
    assert sentences_of(here.elsewhere.path) == {}
    assert len(plan_for(below.path).steps) == 2
    assert plan_for(here.elsewhere.path) is DEFAULT
    with write():
        house.remove_word(here.elsewhere, word.id, by=here["editor"])
    assert db.session.get(AvoidedWord, word.id) is not None
    with write():
        house.remove_word(here.office, word.id, by=here["editor"])
        house.remove_word(here.office, word.id, by=here["editor"])
    assert db.session.scalars(select(AvoidedWord)).all() == []


def test_an_offices_own_sentence_is_filled_from_the_record(here: World) -> None:
    with write():
        house.set_sentence(
            here.office, "held", "zh", "{日期}（{星期}），{主办单位}在{地点}开会。\n{日期}开会。", 0, by=here["editor"]
        )
        house.set_sentence(here.office, "came", "zh", "", 0, by=here["editor"])
    draft = first_draft(here.meeting)
    assert draft.text.body_zh == "<p>8月22日（星期四），沈阳市人民政府外事办公室在301会议室开会。</p>"
    assert draft.facts["zh"] == {
        "date": "8月22日",
        "weekday": "星期四",
        "office": "沈阳市人民政府外事办公室",
        "place": "301会议室",
        "meeting": "全市外办主任会议",
    }


def test_the_products_own_words_end_the_offices(here: World) -> None:
    own = next(each for each in SENTENCES if each.key == "came").words["zh"]
    with write():
        row = house.set_sentence(here.office, "came", "zh", "到会：{参会人员}。", 0, by=here["editor"])
    assert row is not None
    with pytest.raises(Stale), write():
        house.set_sentence(here.office, "came", "zh", "另一写法", 7, by=here["editor"])
    with write():
        assert house.set_sentence(here.office, "came", "zh", own, row.version, by=here["editor"]) is None
    assert db.session.scalars(select(NoticeSentence)).all() == []


@pytest.mark.parametrize(
    ("words", "language", "each", "strange"),
    [
        ("{office} met.", "en", False, []),
        ("{主办单位}", "en", False, ["{主办单位}"]),
        ("{speaker}", "en", False, ["{speaker}"]),
        ("{speaker}", "en", True, []),
        ("{office.__class__.__init__.__globals__}", "en", False, ["{office.__class__.__init__.__globals__}"]),
        ("{0} {} {office!r} {office:>9999999999}", "en", False, ["{0}", "{}", "{office!r}", "{office:>9999999999}"]),
        ("a { b", "en", False, ["{"]),
        ("{{office}}", "en", False, ["{", "}"]),
        ("｛主办单位｝", "zh", False, []),
    ],
)
def test_only_the_table_of_placeholders_counts(words: str, language: str, each: bool, strange: list[str]) -> None:
    assert unknown(words, language, each=each) == strange


def test_a_fact_that_looks_like_a_placeholder_is_text() -> None:
    filled = fill("{office}: {meeting}", {"office": "{meeting}", "meeting": "{day}"}, "en")
    assert filled is not None
    assert filled.words == "{meeting}: {day}"


def test_every_sentence_of_the_product_uses_known_placeholders() -> None:
    strange = [
        (sentence.key, language)
        for sentence in SENTENCES
        for language in ("zh", "en")
        if unknown(sentence.words[language], language, each=sentence.part.value == "each")
    ]
    assert strange == []


def test_an_offices_steps_begin_with_those_that_counted(here: World) -> None:
    with write():
        house.set_step(here.office, 2, SECOND, 0, by=here["approver"])
    plan = plan_of(here.office.path)
    assert [step.name for step in as_plan(plan).steps] == ["审核", "终审"]
    assert plan is not None
    with pytest.raises(Stale), write():
        house.set_step(here.office, 1, FIRST, plan.version + 5, by=here["approver"])
    with write():
        house.set_step(here.office, 1, FIRST, plan.version, by=here["approver"])
    with write():
        house.set_order(here.office, False, plan.version, by=here["approver"])
    changed = plan_for(here.office.path)
    assert ([step.name for step in changed.steps], changed.in_order) == (["初审", "终审"], False)
    with write():
        house.remove_step(here.office, 1, plan.version, by=here["approver"])
    assert [step.name for step in plan_for(here.office.path).steps] == ["终审"]
    with pytest.raises(DomainError, match="至少保留一个环节"), write():
        house.remove_step(here.office, 1, plan.version, by=here["approver"])


@pytest.mark.parametrize(
    "step",
    [
        PlannedStep("", "", Role.APPROVER, None),
        PlannedStep("初审", "", Role.LIAISON, None),
        PlannedStep("初审", "", None, None),
        PlannedStep("初审", "", None, None, (999999,)),
        PlannedStep("初审", "", Role.APPROVER, 0),
        PlannedStep("初审", "", Role.APPROVER, 91),
    ],
)
def test_a_step_that_nobody_could_take_is_none(here: World, step: PlannedStep) -> None:
    with pytest.raises(DomainError), write():
        house.set_step(here.office, 1, step, 0, by=here["approver"])
    assert db.session.scalars(select(ReviewPlan)).all() == []


def test_there_are_five_steps_at_most(here: World) -> None:
    seen = 0
    for number in range(2, 6):
        with write():
            plan = house.set_step(here.office, number, SECOND, seen, by=here["approver"])
        seen = plan.version
    with pytest.raises(DomainError), write():
        house.set_step(here.office, 6, SECOND, seen, by=here["approver"])


def test_who_gets_which_page(here: World, browse: Browse) -> None:
    base = f"/workspace/notices/offices/{here.office.id}/"
    wanted = {"": set(), "sentences/held": set(), "steps/1": set(), "steps/9": set(), "sentences/none": set()}
    for name in ("administrator", "organizer", "editor", "approver", "member", "stranger_editor"):
        for page, who in wanted.items():
            if browse(here[name]).get(base + page).status_code == 200:
                who.add(name)
    assert wanted == {
        "": {"administrator", "organizer", "editor", "approver"},
        "sentences/held": {"editor", "approver"},
        "steps/1": {"administrator", "approver"},
        "steps/9": set(),
        "sentences/none": set(),
    }


def test_the_pages(here: World, approver: FlaskClient) -> None:
    base = f"/workspace/notices/offices/{here.office.id}/"
    page = approver.get(base).text
    assert "Nobody has set steps yet" in page
    assert f'<a href="{base}register">Keep a register</a>' in page
    assert post(approver, f"{base}words", {"words": "圆满", "blocks": "y"}, page=base).status_code == 302
    again = post(approver, f"{base}words", {"words": "圆满"}, page=base)
    assert (again.status_code, "These words stand on the list already." in again.text) == (422, True)
    step = {"version": "0", "name_zh": "二审", "who": "named", "named": [str(here["editor"].account_id)], "days": "3"}
    assert post(approver, f"{base}steps/2", step).status_code == 302
    page = approver.get(base).text
    assert ("圆满" in page, "二审" in page, "3 days" in page) == (True, True, True)
    stale = post(approver, f"{base}steps/2", {**step, "name_zh": "三审"})
    assert (stale.status_code, "二审" in stale.text, "三审" in stale.text) == (409, True, True)
    bad = post(
        approver,
        f"{base}sentences/held",
        {"words_zh": "{不存在}", "words_en": "", "version_zh": "0", "version_en": "0"},
    )
    assert (bad.status_code, "{不存在}" in bad.text) == (422, True)
    good = {"words_zh": "{日期}开会。", "words_en": "", "version_zh": "0", "version_en": "0"}
    assert post(approver, f"{base}sentences/held", good).status_code == 302
    db.session.rollback()
    assert sentences_of(here.office.path) == {("held", "zh"): "{日期}开会。", ("held", "en"): ""}
    word = db.session.scalars(select(AvoidedWord)).one()
    assert post(approver, f"{base}words/{word.id}/remove", page=base).status_code == 302
    assert (
        post(approver, f"{base}steps/2/remove", {"version": plan_of(here.office.path).version}, page=base).status_code
        == 302
    )  # type: ignore[union-attr]
    db.session.rollback()
    assert (db.session.scalars(select(AvoidedWord)).all(), len(plan_for(here.office.path).steps)) == ([], 1)


def test_markup_in_a_word_is_text(here: World, approver: FlaskClient) -> None:
    base = f"/workspace/notices/offices/{here.office.id}/"
    post(approver, f"{base}words", {"words": "<b>x</b>", "note": "<script>alert(1)</script>"}, page=base)
    assert "<script>alert(1)" not in approver.get(base).text
    started(here, NoticeText.of(TEXT, title_en="About <b>x</b>"))
    assert "<b>x</b>" not in approver.get(f"/workspace/meetings/{here.meeting.id}/notice").text
