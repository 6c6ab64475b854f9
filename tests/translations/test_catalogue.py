"""The Chinese catalogue is whole: nothing missing, unused, copied, broken or said in two ways."""

from eventsys import translations


def test_every_text_has_its_chinese():
    assert translations.missing() == []


def test_no_text_stands_unused():
    assert translations.unused() == []


def test_no_text_is_the_english_one():
    assert translations.copied() == []


def test_the_variables_are_the_same():
    assert translations.broken() == []


def test_no_text_has_two_translations():
    assert translations.contradictory() == []


def test_every_package_has_a_fragment():
    packages = {path.parent.name for path in translations.PACKAGE.glob("*/__init__.py")}
    assert packages - {*translations.ROOMS, *translations.CORE_ROOMS, "translations", "sample_city"} == set()
