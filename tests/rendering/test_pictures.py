"""Pictures: only our own by their names; whatever else claims to be one is gone, its caption stays as words."""

from __future__ import annotations

import pytest

from eventsys.rendering.document import Paragraph, Picture, Run
from eventsys.rendering.reading import read
from eventsys.rendering.richtext import is_blank, plain_text, safe_html

NAME = "abcdefghijklmnop.jpg"
OURS = f"/notices/pictures/{NAME}"


@pytest.mark.parametrize(
    "src",
    [
        "https://evil.example/a.jpg",
        "//evil.example/notices/pictures/abcdefghijklmnop.jpg",
        "data:image/png;base64,AAAA",
        "javascript:alert(1)",
        "/notices/pictures/../../account/sign-out",
        f"{OURS}?x=1",
        "/notices/pictures/abcdefghijklmnop.svg",
        "/notices/pictures/short.jpg",
        "",
    ],
)
def test_pictures_from_elsewhere_are_left_out(src: str) -> None:
    html = f'<p>甲<img src="{src}" onerror="alert(1)">乙</p>'
    assert safe_html(html) == "<p>甲</p><p>乙</p>"
    assert safe_html(f'<figure><img src="{src}"><figcaption>说明</figcaption></figure>') == "<p>说明</p>"


def test_a_picture_within_a_paragraph_stands_alone() -> None:
    assert read(f'<p>甲<img src="{OURS}" alt=" 会\n场 " style="width:9999px">乙</p>') == (
        Paragraph((Run("甲"),)),
        Picture(NAME, "会 场"),
        Paragraph((Run("乙"),)),
    )


@pytest.mark.parametrize(
    ("width", "height"), [("0", "5"), ("-1", "5"), ("5", ""), ("1e3", "5"), ("10000", "5"), ("５", "5")]
)
def test_a_size_that_is_none_is_left_out(width: str, height: str) -> None:
    assert read(f'<img src="{OURS}" width="{width}" height="{height}">') == (Picture(NAME),)


def test_an_attribute_cannot_be_broken_out_of() -> None:
    html = safe_html(f"""<img src="{OURS}" alt='"><script>alert(1)</script>'>""")
    assert "<script" not in html
    assert safe_html(html) == html


def test_a_figure_of_a_table_is_the_table_and_its_words() -> None:
    html = "<figure><table><tbody><tr><td>1</td></tr></tbody></table><figcaption>表</figcaption></figure>"
    assert safe_html(html) == "<table><tbody><tr><td>1</td></tr></tbody></table><p>表</p>"


def test_what_a_picture_says() -> None:
    html = f'<figure><img src="{OURS}" alt="会场"><figcaption>全<em>景</em></figcaption></figure>'
    assert plain_text(html) == "会场\n全景"
    assert not is_blank(f'<img src="{OURS}">')
