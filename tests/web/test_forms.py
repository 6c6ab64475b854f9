"""The base form and its text fields: one complaint each, in the page's language, and refusals at their field."""

from __future__ import annotations

import pytest
from flask import Flask
from wtforms.validators import DataRequired

from eventsys.core.errors import DomainError
from eventsys.core.language import set_language
from eventsys.core.transaction import is_writing
from eventsys.directory.models import PostKind
from eventsys.extensions import db
from eventsys.web.forms import BaseForm, BlockField, LineField
from tests import factories


class Sample(BaseForm):
    class Meta(BaseForm.Meta):
        csrf = False

    title = LineField("标题", validators=[DataRequired("请填写标题")], limit=10)
    note = BlockField("备注", limit=20)


def sent(app: Flask, **fields: str) -> Sample:
    with app.test_request_context("/", method="POST", data=fields):
        set_language("zh")
        form = Sample()
        form.validate()
        return form


@pytest.mark.parametrize("text", ["十一个字十一个字十一个字", "a\x00b", "a\u202eb", "a\u2028b", "a\x1bb", "两\n行"])
def test_a_refused_line_has_one_complaint_in_chinese(app: Flask, text: str) -> None:
    errors = list(sent(app, title=text).title.errors)
    assert len(errors) == 1
    assert any("\u4e00" <= letter <= "\u9fff" for letter in errors[0])


def test_what_was_typed_stays(app: Flask) -> None:
    form = sent(app, title="十一个字十一个字十一个字", note="第一行\r\n第二行")
    assert (form.title.data, form.note.data) == ("十一个字十一个字十一个字", "第一行\n第二行")


def test_markup_and_encoded_words_are_ordinary_text(app: Flask) -> None:
    assert dict(sent(app, title="<b>&=?u?=").errors) == {}


def test_a_refusal_lands_on_its_field_or_above_the_form(app: Flask) -> None:
    with app.test_request_context("/", method="POST", data={"title": "会议"}):
        form = Sample()

        def refuse() -> None:
            raise DomainError("不行", field="title")

        def refuse_all() -> None:
            raise DomainError("都不行")

        assert form.carries_out(refuse) is False
        assert form.errors == {"title": ["不行"]}
        form = Sample()
        assert form.carries_out(refuse_all) is False
        assert form.errors == {"": ["都不行"]}
        assert is_writing() is False


def test_what_two_people_did_at_the_same_moment_is_refused_to_the_second(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    factories.post_kind("外办主任", "Director of person@example.org")

    def verb() -> None:
        db.session.add(PostKind(name_zh="外办主任", name_en="Director of person@example.org"))

    with app.test_request_context("/", method="POST", data={"title": "会议"}):
        set_language("zh")
        form = Sample()
        assert form.carries_out(verb) is False
        assert [str(error) for error in form.form_errors] == ["其他人已先行操作，与此冲突。请重新查看后再处理。"]
        assert is_writing() is False
    assert "person@example.org" not in caplog.text
