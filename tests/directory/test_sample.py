"""The sample city: right, in order, and resolved by its audiences."""

from __future__ import annotations

from datetime import date

from flask import Flask

from eventsys.core.actor import COMMAND, Actor, Held, Role
from eventsys.core.transaction import write
from eventsys.directory import queries
from eventsys.directory.sample import SampleCity, organizations_of_shenyang

ON = date(2024, 8, 22)
ADMINISTRATOR = Actor(label=COMMAND.label, account_id=1, held=(Held(Role.ADMINISTRATOR),))


def sample() -> SampleCity:
    with write():
        return organizations_of_shenyang(ADMINISTRATOR)


def test_the_parts_stand_in_protocol_order(app: Flask) -> None:
    sample()
    tree = queries.organization_tree(ON, closed=False)
    assert [row.name_zh for row in tree] == [
        *("沈阳市", "沈阳市人民政府外事办公室", "沈阳市人民对外友好协会"),
        *("和平区", "沈河区", "大东区", "皇姑区", "铁西区", "苏家屯区", "浑南区", "沈北新区", "于洪区", "辽中区"),
        *("新民市", "法库县", "康平县"),
    ]


def test_the_first_audience_is_two_of_each_part(app: Flask) -> None:
    made = sample()
    found = queries.candidates(made.audiences[0].rule, ON)
    assert [each.organization_zh for each in found] == [part.name_zh for part in made.parts for _ in range(2)]
    assert [each.name_zh for each in found[:2]] == ["和平区分管外事副区长", "和平区外办主任"]
    assert {each.email.rsplit(".", 2)[-2:][0] + ".org" for each in found} == {"example.org"}


def test_the_second_audience_says_which_post_nobody_holds(app: Flask) -> None:
    made = sample()
    found = queries.candidates(made.audiences[1].rule, ON)
    assert [each.title_zh for each in found if each.person_id is None] == ["翻译中心主任"]
    assert len(found) == 18
