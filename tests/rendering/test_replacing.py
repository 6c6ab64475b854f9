"""Words are replaced where they stand, whole, across styles, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsys.rendering.reading import read
from eventsys.rendering.replacing import lines, replaced, replaced_all
from eventsys.rendering.richtext import plain_text, safe_html

PICTURE = '<figure><img src="/notices/pictures/abcdefghijklmnop.jpg" alt="8月2日会场" loading="lazy"></figure>'


@pytest.mark.parametrize(
    ("html", "old", "new", "expected", "count"),
    [
        ("<p>8月22日，会议召开。</p>", "8月22日", "8月23日", "<p>8月23日，会议召开。</p>", 1),
        ("<p>2024年8月22日</p>", "8月22日", "8月23日", "<p>2024年8月23日</p>", 1),
        ("<p>18月2日，8月2日</p>", "8月2日", "9月1日", "<p>18月2日，9月1日</p>", 1),
        ("<p>12 organizations, 2 organizations</p>", "2 organizations", "3", "<p>12 organizations, 3</p>", 1),
        ("<p>Heping and Hepingshan</p>", "Heping", "Dadong", "<p>Dadong and Hepingshan</p>", 1),
        ("<p>8<strong>月22</strong>日</p>", "8月22日", "9月1日", "<p>9月1日</p>", 1),
        ("<p>于<strong>8月</strong>22日</p>", "8月22日", "9月1日", "<p>于<strong>9月1日</strong></p>", 1),
        ("<ul><li>甲<ul><li>甲</li></ul></li></ul>", "甲", "乙", "<ul><li>乙<ul><li>乙</li></ul></li></ul>", 2),
        (PICTURE, "8月2日", "9月1日", PICTURE.replace("8月2日", "9月1日"), 1),
        ("<p>甲</p><p>乙</p>", "甲", "", "<p>乙</p>", 1),
        ("<p>甲</p>", "乙", "丙", "<p>甲</p>", 0),
        ("<p>甲</p>", "", "丙", "<p>甲</p>", 0),
        ("<p>a&lt;b</p>", "a<b", "<script>", "<p>&lt;script&gt;</p>", 1),
    ],
)
def test_in_place(html: str, old: str, new: str, expected: str, count: int) -> None:
    assert replaced(html, old, new) == (expected, count)


def test_every_line_once_in_order() -> None:
    html = (
        "<h2>一</h2><p>二<br>半</p><ul><li>三<ol><li>四</li></ol></li></ul><blockquote><p>五</p></blockquote>"
        "<table><caption>六</caption><tbody><tr><td>七</td></tr></tbody></table>"
        '<figure><img src="/notices/pictures/abcdefghijklmnop.jpg" alt="x"><figcaption>八</figcaption></figure>'
    )
    assert list(lines(read(html))) == ["一", "二\n半", "三", "四", "五", "六", "七", "八"]


@given(st.text("ab<&月日12 ", max_size=30), st.text("ab月1", min_size=1, max_size=3), st.text("xy", max_size=3))
def test_what_was_replaced_is_gone_and_the_rest_is_kept(text: str, old: str, new: str) -> None:
    html = safe_html("<p>" + text.replace("&", "&amp;").replace("<", "&lt;") + "</p>")
    changed, count = replaced(html, old, new)
    assert safe_html(changed) == changed
    if not count:
        assert changed == html
    if not old[:1].isascii() and not old[-1:].isascii():
        assert old not in plain_text(changed) or set(old) <= set(new)


def test_several_at_once_look_at_nothing_twice() -> None:
    pairs = {"甲、乙": "甲、乙、丙", "甲、乙外办": "甲、乙、丙外办", "甲、乙、丙": "甲、乙、丙", "乙": "丁"}
    html = "<p>甲、乙；甲、乙外办；甲、乙、丙；乙</p>"
    assert replaced_all(html, pairs) == ("<p>甲、乙、丙；甲、乙、丙外办；甲、乙、丙；丁</p>", 3)
