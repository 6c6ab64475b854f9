"""How names are read and sorted."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventsys.core.names import fold, initials, romanized, sort_key, syllables


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("曾伟", "zeng wei"),
        ("单国强", "shan guo qiang"),
        ("仇英", "qiu ying"),
        ("解晓东", "xie xiao dong"),
        ("区志明", "ou zhi ming"),
        ("查良镛", "zha liang yong"),
        ("翟志刚", "zhai zhi gang"),
        ("朴树", "piao shu"),
        ("盖叫天", "ge jiao tian"),
        ("单于伟", "chan yu wei"),
        ("欧阳修", "ou yang xiu"),
        ("伟曾", "wei ceng"),
        ("单县", "shan xian"),
        ("曾都区", "zeng du qu"),
        ("盖州市", "gai zhou shi"),
        ("朝阳市", "chao yang shi"),
        ("沈河区", "shen he qu"),
        ("沈阳市", "shen yang shi"),
        ("长海县", "chang hai xian"),
        ("区长", "qu zhang"),
        ("解放军", "jie fang jun"),
        ("重庆市", "chong qing shi"),
        ("阿不都·热合曼", "a bu du re he man"),
        ("Ærøskøbing Łódź", "aeroskobing lodz"),
        ("", ""),
    ],
)
def test_names_are_read_as_people_read_them(name, read):
    assert romanized(name) == read


def test_who_knows_that_it_is_a_person_can_say_so():
    assert sort_key("任区", None, person=True)[:4] == "ren2"
    assert sort_key("区域", None, person=False)[:3] == "qu1"
    assert sort_key("单一", None, person=False)[:4] == "dan1"
    assert sort_key("单一", None, person=True)[:5] == "shan4"


def test_chinese_sorts_by_syllable_tone_and_character():
    names = ["张伟", "曾伟", "李四", "里四", "黎明", "李明", "安然", "昂山", "Anna Berg", "林一", "王五", "12", "2"]
    assert sorted(names, key=lambda name: sort_key(name, None)) == [
        *("2", "12", "安然", "昂山", "Anna Berg", "黎明", "李明", "李四", "里四", "林一", "王五", "曾伟", "张伟")
    ]


def test_numbers_sort_by_value():
    assert sort_key("第9次会议", None) < sort_key("第10次会议", None)


def test_the_english_name_stands_in():
    assert sort_key("", "Ångström, Åsa") == "angstrom0asa0"
    assert sort_key(None, None) == ""
    assert sort_key("沈阳", "Shenyang") == sort_key("沈阳", None)


def test_initials():
    assert [initials(name) for name in ("沈阳市外事办公室", "张伟", "Zhang Wei", "")] == ["syswsbgs", "zw", "zw", ""]


@settings(deadline=None)
@given(st.text())
def test_a_key_is_the_same_in_every_collation(name):
    assert re.fullmatch("[0-9a-z]{0,200}", sort_key(name, None))
    assert all(re.fullmatch("[0-9a-z]+", syllable) for syllable in syllables(name))


@settings(deadline=None)
@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)
