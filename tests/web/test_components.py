"""Components and layouts: GOV.UK's markup, nothing inline, colours that can be read, vendored files as listed."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)

from eventsys.core import language
from eventsys.web.controls import attributes, control, options

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "static"
TEMPLATES = ROOT / "templates"
LAYOUTS = sorted(path.name for path in (TEMPLATES / "layouts").glob("*.html"))


def environment(code: str = "en") -> Environment:
    """The globals that every template may count on, in one language."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        _=language.gettext,
        ngettext=language.ngettext,
        language=code,
        asset=lambda path: f"/static/{path}" if (STATIC / path).is_file() else pytest.fail(f"no such file: {path}"),
        csrf_token=lambda: "token",
        control_attributes=attributes,
        control_markup=control,
        control_options=options,
    )
    return made


def print_macro(source: str, code: str = "en", **context: Any) -> str:
    """What a line of template prints, blanks between tags removed."""
    with language.use_language(code):
        text = environment(code).from_string(source).render(context)
    return re.sub(r">\s+<", "><", re.sub(r"\s+", " ", text)).strip()


class Sample(Form):
    title_en = StringField("Title", description="In English", render_kw={"maxlength": 200})
    text = TextAreaField("Text")
    visible = RadioField(
        "Who can see it", choices=[SelectChoice("a", "Staff", {"hint": "Ours"}), SelectChoice("b", "All")]
    )
    zone = SelectField("Zone", choices=[SelectChoice("x", "Beijing"), SelectChoice("y", "London")])
    agree = BooleanField("Agree")
    secret = PasswordField("Password")
    lines = FieldList(StringField("Line"), min_entries=2)


FIELD = '{% from "components/forms.html" import field %}{{ field(f) }}'


def test_text_field_with_hint_and_error_names_both_to_its_input() -> None:
    form = Sample(data={"title_en": 'A "b" <c>'})
    form.title_en.errors = ["Too long"]

    assert print_macro(FIELD, f=form.title_en) == (
        '<div class="govuk-form-group govuk-form-group--error">'
        '<label class="govuk-label" for="title_en">Title</label>'
        '<div id="title_en-hint" class="govuk-hint">In English</div>'
        '<p id="title_en-error" class="govuk-error-message">'
        '<span class="govuk-visually-hidden">Error:</span> Too long</p>'
        '<input class="govuk-input govuk-input--error" type="text" id="title_en" name="title_en" '
        'aria-describedby="title_en-hint title_en-error" aria-invalid="true" lang="en" maxlength="200" '
        'value="A &#34;b&#34; &lt;c&gt;"></div>'
    )


def test_radios_are_a_fieldset_whose_first_input_has_the_fields_own_id() -> None:
    form = Sample(data={"visible": "b"})

    assert print_macro(FIELD, f=form.visible) == (
        '<div class="govuk-form-group"><fieldset class="govuk-fieldset">'
        '<legend class="govuk-fieldset__legend">Who can see it</legend>'
        '<div class="govuk-radios" data-module="govuk-radios">'
        '<div class="govuk-radios__item">'
        '<input class="govuk-radios__input" id="visible" name="visible" type="radio" value="a" '
        'aria-describedby="visible-item-hint">'
        '<label class="govuk-label govuk-radios__label" for="visible">Staff</label>'
        '<div id="visible-item-hint" class="govuk-hint govuk-radios__hint">Ours</div></div>'
        '<div class="govuk-radios__item">'
        '<input class="govuk-radios__input" id="visible-2" name="visible" type="radio" value="b" checked>'
        '<label class="govuk-label govuk-radios__label" for="visible-2">All</label></div>'
        "</div></fieldset></div>"
    )


def test_select_marks_the_chosen_option() -> None:
    form = Sample(data={"zone": "y"})

    assert print_macro(FIELD, f=form.zone) == (
        '<div class="govuk-form-group"><label class="govuk-label" for="zone">Zone</label>'
        '<select class="govuk-select" id="zone" name="zone"><option value="x">Beijing</option>'
        '<option value="y" selected>London</option></select></div>'
    )


def test_textarea_keeps_what_was_typed_and_its_first_line_break() -> None:
    form = Sample(data={"text": "\none"})

    assert (
        environment()
        .from_string(FIELD)
        .render(f=form.text)
        .split("<textarea")[1]
        .split(">", 1)[1]
        .startswith("\n\none</textarea>")
    )


def test_password_is_never_printed() -> None:
    form = Sample(data={"secret": "hidden-word"})

    assert print_macro(FIELD, f=form.secret).count("hidden-word") == 0


def test_checkbox_is_checked_from_its_data() -> None:
    ticked = print_macro(FIELD, f=Sample(data={"agree": True}).agree)
    bare = print_macro(FIELD, f=Sample(data={"agree": False}).agree)

    assert (ticked.count(" checked"), bare.count(" checked")) == (1, 0)


def test_error_summary_lists_form_fields_and_entries_with_their_addresses() -> None:
    form = Sample()
    form.form_errors = ["Somebody saved first"]
    form.title_en.errors = ["Fill in the title"]
    form.lines.entries[1].errors = ["Fill in this line"]
    form.lines.errors = [[], ["Fill in this line"]]

    source = '{% from "components/forms.html" import error_summary %}{{ error_summary(form) }}'
    assert re.findall(r"<h2[^>]*>(.*?)</h2>|<li>(.*?)</li>", print_macro(source, form=form)) == [
        ("3 things need changing", ""),
        ("", "Somebody saved first"),
        ("", '<a href="#title_en">Fill in the title</a>'),
        ("", '<a href="#lines-1">Fill in this line</a>'),
    ]


def test_error_summary_of_a_good_form_prints_nothing() -> None:
    source = '{% from "components/forms.html" import error_summary %}{{ error_summary(form) }}'

    assert print_macro(source, form=Sample()) == ""


def test_error_summary_counts_in_chinese() -> None:
    form = Sample()
    form.title_en.errors = ["请填写标题"]
    source = '{% from "components/forms.html" import error_summary %}{{ error_summary(form) }}'

    assert re.findall(r"<h2[^>]*>(.*?)</h2>", print_macro(source, "zh", form=form)) == ["有1处需要改"]


def test_success_banner_needs_a_text_even_from_a_lazy_list() -> None:
    source = '{% from "components/page.html" import flashed %}{{ flashed(texts) }}'

    assert (print_macro(source, texts=iter([])), print_macro(source, texts=iter(["Sent"]))) == (
        "",
        '<div class="banner banner-success" role="status"><p>Sent</p></div>',
    )


def test_squares_are_as_many_as_the_places() -> None:
    source = (
        '{% from "components/pictures.html" import squares %}{{ squares([("full", 11), ("mine", 1), ("empty", 0)]) }}'
    )
    printed = print_macro(source)

    assert [printed.count(f"sq-{shape}") for shape in ("full", "mine", "empty")] == [11, 1, 0]


def test_bar_parts_follow_one_another() -> None:
    source = '{% from "components/pictures.html" import bar %}{{ bar([32, 5], 44) }}'

    assert re.findall(r'x="(\d+)" y="0" width="(\d+)"', print_macro(source)) == [("0", "32"), ("32", "5")]


def test_zero_is_a_dash_and_no_link() -> None:
    source = '{% from "components/table.html" import count %}{{ count(0, "/x") }}{{ count(3, "/x") }}{{ count(3) }}'

    assert print_macro(source) == '<span class="dash">–</span><a href="/x">3</a>3'


def test_comparison_marks_only_what_differs() -> None:
    rows = [SimpleNamespace(label="Title", mine="a", theirs="b"), SimpleNamespace(label="Room", mine="1", theirs="1")]
    source = '{% from "components/page.html" import compare %}{{ compare(rows) }}'

    assert print_macro(source, rows=rows).count("compare-differs") == 2


def page_context() -> dict[str, Any]:
    """What a view and the application give to a layout."""
    step = SimpleNamespace(label="Remind", note="See it first", button_text="Remind…", href="/r", is_mine=True)
    return {
        "actor": SimpleNamespace(signed_in=True, label="Secretariat · A"),
        "switch_url": "/?lang=zh",
        "site": SimpleNamespace(name_zh="办公室", name_en="Office", address_zh="", address_en="", phone=""),
        "navigation": [SimpleNamespace(label="Home", href="/workspace/", current=True, count=6, needs_me=True)],
        "notices_of_success": iter(["Saved"]),
        "frame": SimpleNamespace(
            meeting_title="Conference",
            state_tag=("Scheduled", "ink"),
            breadcrumb=[("Meetings", "/m"), ("August", None)],
            columns=[("When", "Thu", "CST"), ("Where", "301", ""), ("Replies close", "Mon", "")],
            next_step=step,
            tabs=[("Overview", "/o", True, False), ("Invitations", "/i", False, True)],
        ),
    }


class Page(HTMLParser):
    """Tags that were opened and never closed, attributes that a strict content policy refuses, ids used twice."""

    VOID = frozenset({"meta", "link", "input", "br", "hr", "img"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.inline: list[str] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)
        self.inline += [name for name, _ in attrs if name == "style" or name.startswith("on")]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag == "style" or (tag == "script" and "src" not in dict(attrs)):
            self.inline.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("code", language.LANGUAGES)
@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_is_whole_and_has_nothing_inline(name: str, code: str) -> None:
    with language.use_language(code):
        page = Page(environment(code).get_template(f"layouts/{name}").render(page_context()))

    assert (page.open, page.inline, len(page.ids)) == ([], [], len(set(page.ids)))


def test_no_component_writes_a_style_attribute() -> None:
    sources = [*(TEMPLATES / "components").glob("*.html"), *(TEMPLATES / "layouts").glob("*.html")]

    assert [path.name for path in sources if re.search(r"\sstyle=|<style|\son[a-z]+=", path.read_text("utf-8"))] == []


def tokens() -> dict[str, str]:
    """The colours of the style sheet by name."""
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", (STATIC / "css/eventsys.css").read_text("utf-8")))


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


PAIRS = [
    ("ink", "ink-tint"),
    ("on-ink", "ink"),
    ("ink-link", "surface"),
    ("vermilion-deep", "vermilion-tint"),
    ("text-2", "surface"),
    ("ochre", "ochre-tint"),
    ("pine", "pine-tint"),
    ("grey-ink", "grey-tint"),
]


@pytest.mark.parametrize(("word", "ground"), PAIRS)
def test_words_can_be_read_on_their_ground(word: str, ground: str) -> None:
    colours = tokens()

    assert contrast(colours[word], colours[ground]) >= 4.5


def test_every_tone_of_a_tag_has_its_look() -> None:
    styles = (STATIC / "css/eventsys.css").read_text("utf-8")
    first_line = next(
        line for line in (TEMPLATES / "components/page.html").read_text("utf-8").splitlines() if "tones" in line
    )
    tones = first_line.split("tones ")[1].split(".")[0].split(", ")

    assert [tone for tone in tones if f".tag-{tone}" not in styles] == ["tint"]  # the plain look


def manifest() -> Iterator[dict[str, str]]:
    yield from json.loads((STATIC / "vendor/manifest.json").read_text("utf-8"))


def test_vendored_files_are_the_ones_listed() -> None:
    folder = STATIC / "vendor"
    listed = {row["file"]: row["sha256"] for row in manifest()}
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.suffix in {".js", ".css"}
    }

    assert found == listed


def test_vendored_files_come_with_their_licences() -> None:
    assert [row["file"] for row in manifest() if not (STATIC / "vendor" / row["licence_file"]).is_file()] == []


def test_govuk_styles_carry_neither_its_font_nor_its_crown() -> None:
    styles = (STATIC / "vendor/govuk-frontend.css").read_text("utf-8").lower()

    assert [word for word in ("gds transport", "crown", "@font-face", "url(") if word in styles] == []


def test_first_view_of_a_public_page_leaves_room_under_60_kb() -> None:
    with language.use_language("en"):
        page = environment("en").get_template("layouts/public.html").render(page_context())
    files = re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js))"', page)
    sizes = {name: len(gzip.compress((STATIC / name).read_bytes(), 6)) for name in files}

    assert sum(sizes.values()) < 30_000, sizes
