"""The sheets that are exchanged: which columns each kind has, how they are headed and what may stand in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from eventsys.core.columns import BLOCK, LINE
from eventsys.core.language import LANGUAGES, LazyText, use_language
from eventsys.core.language import lazy_gettext as _l
from eventsys.directory.words import KINDS as ORGANIZATION_KINDS

MARKS = re.compile(r"[\s*＊:：_\-./()（）]+")


class Sheet(StrEnum):
    """What one sheet holds; written in this order, because each refers to those before it."""

    ORGANIZATIONS = "organizations"
    POSTS = "posts"
    PEOPLE = "people"
    APPOINTMENTS = "appointments"


SHEET_NAMES: Mapping[Sheet, LazyText] = {
    Sheet.ORGANIZATIONS: _l("Organizations"),
    Sheet.POSTS: _l("Posts"),
    Sheet.PEOPLE: _l("People"),
    Sheet.APPOINTMENTS: _l("Appointments"),
}
EXPLANATIONS = _l("Explanations")


class Form(StrEnum):
    """What may stand in a column."""

    LINE = "line"
    BLOCK = "block"
    CODE = "code"
    CODES = "codes"
    EMAIL = "email"
    PHONE = "phone"
    DAY = "day"
    CHOICE = "choice"
    TOLD = "told"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `names` are other headings that mean it; `told` columns help a reader and are never written."""

    key: str
    label: LazyText
    hint: LazyText
    form: Form = Form.LINE
    limit: int = LINE
    must: bool = False
    choices: Mapping[Any, Any] = field(default_factory=dict)
    names: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """The label in both languages, as a file is headed."""
        return " / ".join(dict.fromkeys(labels(self.label)))

    def word(self, value: str) -> str:
        """A value as it stands in a file: the label of a choice, anything else as it is."""
        return str(self.choices.get(value, value)) if self.form is Form.CHOICE else value


NUMBER = Column(
    "number",
    _l("Record number"),
    _l("The number on record. Leave it empty for a new row, or write a mark of your own, such as N1, to refer to it."),
    Form.CODE,
    40,
    names=("编码", "代码", "ID", "code", "number", "no"),
)
LANGUAGE_CHOICES = {"zh": "中文", "en": "English"}
REASONS = Column("reasons", _l("What is wrong"), _l("Filled in by the report; not read."), Form.TOLD)
LEFT_EMPTY = _l("May be empty.")

ORGANIZATIONS = (
    NUMBER,
    Column(
        "parent",
        _l("Stands below"),
        _l("Number or mark of the higher organization; empty at the top of the tree."),
        Form.CODE,
        40,
        names=("上级编号", "上级单位编号", "parent", "parent number"),
    ),
    Column("kind", _l("Kind"), _l("One of the listed kinds."), Form.CHOICE, must=True, choices=ORGANIZATION_KINDS),
    Column("name_zh", _l("Chinese name"), _l("Needed."), must=True, names=("单位名称", "名称", "name")),
    Column("name_en", _l("English name"), _l("Needed."), must=True, names=("英文名",)),
    Column("short_zh", _l("Short Chinese name"), LEFT_EMPTY, limit=80, names=("简称",)),
    Column("short_en", _l("Short English name"), LEFT_EMPTY, limit=80),
    Column("address_zh", _l("Address in Chinese"), LEFT_EMPTY, names=("地址",)),
    Column("address_en", _l("Address in English"), LEFT_EMPTY),
    Column("phone", _l("Telephone"), LEFT_EMPTY, Form.PHONE, 40, names=("电话", "联系电话", "phone", "tel")),
    Column("email", _l("E-mail"), LEFT_EMPTY, Form.EMAIL, 320, names=("邮箱", "电子邮箱", "电子邮件", "email", "mail")),
    Column(
        "language",
        _l("Language of its letters"),
        _l("Chinese where it is empty."),
        Form.CHOICE,
        choices=LANGUAGE_CHOICES,
    ),
    Column("closed_on", _l("Closed from"), _l("For reading; an organization is closed on its page."), Form.DAY),
)
POSTS = (
    NUMBER,
    Column(
        "organization",
        _l("Organization number"),
        _l("Number or mark of the organization. Needed."),
        Form.CODE,
        40,
        must=True,
        names=("单位编码", "organization"),
    ),
    Column(
        "organization_name",
        _l("Organization name"),
        _l("For reading; where it is filled in, it must be the name of that organization."),
        Form.TOLD,
        names=("单位",),
    ),
    Column("kind", _l("Kind of post"), _l("The name of one of the kinds of posts; may be empty."), names=("职务类型",)),
    Column("title_zh", _l("Chinese title"), _l("Taken from the kind where it is empty."), names=("职务", "职务名称")),
    Column("title_en", _l("English title"), _l("Taken from the kind where it is empty."), names=("title",)),
    Column("abolished_on", _l("Abolished from"), _l("For reading; a post is abolished on its page."), Form.DAY),
)
PEOPLE = (
    NUMBER,
    Column(
        "name_zh",
        _l("Full name in Chinese"),
        _l("One of the two names is needed."),
        limit=120,
        names=("姓名", "中文名", "名字", "name", "Chinese name", "name in Chinese"),
    ),
    Column(
        "name_en",
        _l("Full name in English"),
        _l("One of the two names is needed."),
        limit=120,
        names=("英文名", "拼音", "English name", "name in English"),
    ),
    Column(
        "email",
        _l("E-mail"),
        _l("One address belongs to one person."),
        Form.EMAIL,
        320,
        names=("邮箱", "电子邮箱", "电子邮件", "邮件", "email", "mail", "e-mail address"),
    ),
    Column(
        "phone",
        _l("Telephone"),
        _l("Write it as text, so that zeros at its beginning stay."),
        Form.PHONE,
        40,
        names=("电话", "手机", "手机号", "手机号码", "联系电话", "电话号码", "phone", "mobile", "tel"),
    ),
    Column(
        "language",
        _l("Language of their letters"),
        _l("That of their organization where it is empty."),
        Form.CHOICE,
        choices=LANGUAGE_CHOICES,
    ),
    Column("note", _l("Note"), LEFT_EMPTY, Form.BLOCK, BLOCK, names=("备注",)),
    Column(
        "distinct_from",
        _l("Not the same as"),
        _l("Numbers of people on record who look the same and are others, such as 12, 31."),
        Form.CODES,
        200,
    ),
)
APPOINTMENTS = (
    NUMBER,
    Column(
        "person",
        _l("Person number"),
        _l("Number or mark of the person. Needed."),
        Form.CODE,
        40,
        must=True,
        names=("人员编码", "person"),
    ),
    Column(
        "person_name",
        _l("Person name"),
        _l("For reading; where it is filled in, it must be the name of that person."),
        Form.TOLD,
        names=("姓名",),
    ),
    Column(
        "post",
        _l("Post number"),
        _l("Number or mark of the post. Needed."),
        Form.CODE,
        40,
        must=True,
        names=("职务编码", "post"),
    ),
    Column(
        "post_name",
        _l("Post name"),
        _l("For reading; where it is filled in, it must be the title of that post."),
        Form.TOLD,
        names=("职务",),
    ),
    Column(
        "starts_on",
        _l("First day"),
        _l("Such as 2024-08-22. Needed."),
        Form.DAY,
        must=True,
        names=("任职日期", "起始日期", "start"),
    ),
    Column(
        "ends_on",
        _l("Last day"),
        _l("Such as 2027-08-21; empty while it goes on."),
        Form.DAY,
        names=("离任日期", "截止日期", "end"),
    ),
)
COLUMNS: Mapping[Sheet, tuple[Column, ...]] = {
    Sheet.ORGANIZATIONS: ORGANIZATIONS,
    Sheet.POSTS: POSTS,
    Sheet.PEOPLE: PEOPLE,
    Sheet.APPOINTMENTS: APPOINTMENTS,
}


def labels(text: LazyText) -> list[str]:
    """The label in every language."""
    found = []
    for language in LANGUAGES:
        with use_language(language):
            found.append(str(text))
    return found


def column_of(sheet: Sheet, key: str) -> Column:
    """The column with this key; that of the reasons for one of no sheet."""
    return next((column for column in COLUMNS[sheet] if column.key == key), REASONS)


def plain(text: str) -> str:
    """A heading or a choice as it is compared: small letters, no spaces and marks, full width as half width."""
    return MARKS.sub("", unicodedata.normalize("NFKC", text)).casefold()


def meanings(sheet: Sheet) -> dict[str, str]:
    """Every heading that is understood, as `plain` has it, with the key of its column."""
    found: dict[str, str] = {}
    for column in (*COLUMNS[sheet], REASONS):
        own = labels(column.label)
        for name in (column.key, column.heading, *own):
            found[plain(name)] = column.key
    for column in COLUMNS[sheet]:
        for name in column.names:
            found.setdefault(plain(name), column.key)
    return found


def sheet_named(name: str) -> Sheet | None:
    """The kind that a sheet of a workbook is named after, in either language."""
    for sheet, label in SHEET_NAMES.items():
        if plain(name) in {plain(each) for each in (*labels(label), " ".join(labels(label)), sheet.value)}:
            return sheet
    return None


def is_explanation(name: str) -> bool:
    """Whether the sheet is the template's page of explanations."""
    return plain(name) in {plain(each) for each in (*labels(EXPLANATIONS), " ".join(labels(EXPLANATIONS)))}


def choice_of(column: Column, text: str) -> str | None:
    """The choice that the text names, by its key or its label in either language."""
    wanted = plain(text)
    for value, label in column.choices.items():
        words: Sequence[str] = labels(label) if isinstance(label, LazyText) else [label]
        if wanted in {plain(each) for each in (value, *words)}:
            return str(value)
    return None
