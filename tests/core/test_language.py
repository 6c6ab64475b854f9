"""The current language and the texts looked up in it."""

import pytest

from eventsys.core import language
from eventsys.core.language import choose, current_language, gettext, lazy_gettext, ngettext, use_language

DAYS = ("%(num)s day", "%(num)s days")


def test_a_language_holds_for_its_block():
    assert current_language() == "zh"
    with use_language("en"):
        assert current_language() == "en"
        with use_language("zh"):
            assert current_language() == "zh"
        assert current_language() == "en"
    assert current_language() == "zh"


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="fr"), use_language("fr"):
        pass


def test_texts_come_in_the_current_language():
    with use_language("zh"):
        assert gettext("in %(time)s", time="3天") == "还有3天"
        assert [ngettext(*DAYS, n) for n in (1, 2)] == ["1天", "2天"]
    with use_language("en"):
        assert gettext("in %(time)s", time="3 days") == "in 3 days"
        assert [ngettext(*DAYS, n) for n in (0, 1, 2)] == ["0 days", "1 day", "2 days"]


def test_a_text_without_variables_keeps_its_percent_signs():
    assert gettext("100% sure") == "100% sure"


def test_a_text_that_is_not_in_the_catalogue_is_its_own():
    with use_language("zh"):
        assert gettext("no such text") == "no such text"
    assert language.catalogue("en")["anything"] == "anything"
    assert language.catalogue("zh")["no such text"] == "no such text"


def test_a_lazy_text_is_looked_up_when_used():
    text = lazy_gettext("in %(time)s", time=5)
    with use_language("en"):
        assert str(text) == "in 5"
        assert text == "in 5"
    with use_language("zh"):
        assert str(text) == "还有5"
        assert text == "还有5"


def test_a_lazy_text_behaves_like_its_text():
    with use_language("en"):
        text = lazy_gettext("in %(time)s")
        assert text % {"time": 4} == "in 4"
        assert text + "!" == "in %(time)s!"
        assert "(" + text == "(in %(time)s"
        assert f"{text:>12}" == " in %(time)s"
        assert (len(text), text[0], "time" in text, bool(text)) == (11, "i", True, True)
        assert not lazy_gettext("")
        assert {text: 1}[lazy_gettext("in %(time)s")] == 1
        assert sorted([lazy_gettext("b"), lazy_gettext("a")]) == ["a", "b"]


@pytest.mark.parametrize(
    ("zh", "en", "code", "chosen"),
    [
        ("会议", "Meeting", "zh", "会议"),
        ("会议", "Meeting", "en", "Meeting"),
        ("会议", "", "en", "会议"),
        (None, "Meeting", "zh", "Meeting"),
        (None, None, "zh", ""),
        ("会议", "Meeting", None, "会议"),
    ],
)
def test_the_other_language_stands_in_for_a_missing_text(zh, en, code, chosen):
    assert choose(zh, en, code) == chosen
