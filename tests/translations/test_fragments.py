"""The fragments follow code and templates, on a small product made for the test."""

from pathlib import Path

import pytest

from eventsys import translations
from eventsys.translations import __main__ as command

TREE = {
    "eventsys/core/a.py": '_("Shared"); ngettext("%(num)s place", "%(num)s places", n); _(name); _("Two " "parts")',
    "eventsys/top.py": '_l("Top")',
    "eventsys/mail/m.py": 'gettext("Posted")',
    "eventsys/web/w.py": '_("Webbed")',
    "eventsys/meetings/views.py": '_("Shared"); _("Own %(name)s")',
    "eventsys/meetings/deep/x.py": 'lazy_gettext("Deep")',
    "templates/meetings/show.html": (
        "{{ _('On page') }}{% trans n=3 %}{{ n }} row{% pluralize %}{{ n }} rows{% endtrans %}"
    ),
    "templates/errors/404.html": "{{ ngettext('One', 'Many', 2) }}",
    "templates/letters/x.txt": "{% trans who=name %}Dear {{ who }}{% endtrans %}",
}
HEADER = translations.HEADER
MEETINGS = (
    HEADER
    + """msgid "%(n)s row"
msgid_plural "%(n)s rows"
msgstr[0] ""

msgid "Deep"
msgstr ""

# said by the office
msgid "On page"
msgstr "页面上"

msgid "Own %(name)s"
msgstr ""

"""
)


@pytest.fixture(autouse=True)
def product(tmp_path, monkeypatch) -> Path:
    for name, text in TREE.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.setattr(translations, "PACKAGE", tmp_path / "eventsys")
    monkeypatch.setattr(translations, "TEMPLATES", tmp_path / "templates")
    monkeypatch.setattr(translations, "FRAGMENTS", tmp_path)
    return tmp_path


def put(product: Path, room: str, *pairs: tuple[str, str]) -> None:
    body = "".join(f'msgid "{msgid}"\nmsgstr "{text}"\n\n' for msgid, text in pairs)
    (product / f"{room}.po").write_text(HEADER + body)


def test_each_text_belongs_to_the_first_room_that_uses_it():
    assert {room: list(texts) for room, texts in translations.owned().items() if texts} == {
        "core": ["%(num)s place", "Posted", "Shared", "Top", "Two parts"],
        "web": ["One", "Webbed"],
        "meetings": ["%(n)s row", "Deep", "On page", "Own %(name)s"],
        "letters": ["Dear %(who)s"],
    }


def test_a_fragment_keeps_translations_and_comments_adds_and_drops(product):
    (product / "meetings.po").write_text(
        HEADER + '# said by the office\nmsgid "On page"\nmsgstr "页面上"\n\nmsgid "Gone"\nmsgstr "没了"\n'
    )
    assert command.main(["meetings"]) == 0
    assert (product / "meetings.po").read_text() == MEETINGS
    assert command.main(["meetings"]) == 0
    assert (product / "meetings.po").read_text() == MEETINGS
    assert sorted(path.name for path in product.glob("*.po")) == ["meetings.po"]


def test_a_text_moves_to_its_owner_and_is_never_lost(product):
    put(product, "meetings", ("Shared", "共用"))
    command.main(["meetings"])
    assert 'msgid "Shared"\nmsgstr "共用"' in (product / "meetings.po").read_text()
    command.main(["core"])
    assert 'msgid "Shared"\nmsgstr "共用"' in (product / "core.po").read_text()
    command.main(["meetings"])
    assert "Shared" not in (product / "meetings.po").read_text()


def test_all_rooms_without_a_name(product, capsys):
    assert command.main([]) == 0
    assert capsys.readouterr().out.startswith("core: 5 texts, 5 without Chinese\nweb: 2 texts, 2 without Chinese\n")


def test_a_file_that_does_not_parse_stops_only_its_room(product, capsys):
    (product / "templates/meetings/show.html").write_text("{% if %}")
    put(product, "meetings", ("On page", "页面上"))
    assert command.main(["core"]) == 0
    assert command.main(["meetings"]) == 1
    assert "show.html" in capsys.readouterr().err
    assert "页面上" in (product / "meetings.po").read_text()
    with pytest.raises(translations.Unreadable):
        translations.missing()


def test_a_room_that_is_not_there(capsys):
    assert command.main(["kitchen"]) == 1
    assert capsys.readouterr().err.startswith("no such room: kitchen; there are core, web, directory")


def test_what_is_wrong_is_named(product):
    put(product, "core", ("Shared", "共用"), ("Top", "Top"), ("Posted", ""), ("Two parts", "两部分"), ("PDF", "PDF"))
    put(product, "meetings", ("Shared", "共享"), ("Own %(name)s", "自己的%(nom)s"), ("Deep", "深"), ("On page", "页上"))
    assert translations.missing() == [
        ("core", "%(num)s place"),
        ("core", "Posted"),
        ("web", "One"),
        ("web", "Webbed"),
        ("meetings", "%(n)s row"),
        ("letters", "Dear %(who)s"),
    ]
    assert translations.unused() == [("core", "PDF"), ("meetings", "Shared")]
    assert translations.copied() == [("core", "Top")]
    assert translations.broken() == [("meetings", "Own %(name)s")]
    assert translations.contradictory() == [("Shared", ["共用", "共享"])]


def test_a_guess_is_not_a_translation(product):
    (product / "core.po").write_text(HEADER + '#, fuzzy\nmsgid "Top"\nmsgstr "猜"\n')
    assert ("core", "Top") in translations.missing()
