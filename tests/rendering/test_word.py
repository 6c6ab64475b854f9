"""What a word processor puts on the clipboard: its lists are lists, its styles and comments are gone."""

from __future__ import annotations

import pytest

from eventsys.rendering.richtext import safe_html


def line(level: int, mark: str, text: str) -> str:
    return (
        f"<p class=MsoListParagraph style='margin-left:36.0pt;mso-list:l0 level{level} lfo1'><![if !supportLists]>"
        f"<span style='font-family:Symbol;mso-list:Ignore'>{mark}<span style='font:7.0pt \"Times New Roman\"'>"
        f"&nbsp;&nbsp; </span></span><![endif]>{text}<o:p></o:p></p>"
    )


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (line(1, "·", "甲") + line(1, "·", "<b>乙</b>丙"), "<ul><li>甲</li><li><strong>乙</strong>丙</li></ul>"),
        (line(1, "1.", "甲") + line(1, "2.", "乙"), "<ol><li>甲</li><li>乙</li></ol>"),
        (
            line(1, "·", "甲") + line(2, "o", "乙") + line(1, "·", "丙"),
            "<ul><li>甲<ul><li>乙</li></ul></li><li>丙</li></ul>",
        ),
        (
            line(1, "（一）", "甲") + "<p>乙</p>" + line(1, "·", "丙"),
            "<ol><li>甲</li></ol><p>乙</p><ul><li>丙</li></ul>",
        ),
        (line(1, "·", ""), ""),
        (line(1, "", "2024年"), "<ul><li>2024年</li></ul>"),
        ("<p style='color:red;mso-style:x'>1. 甲</p>", "<p>1. 甲</p>"),
        ('<p style="background:url(javascript:alert(1))">甲</p>', "<p>甲</p>"),
        (
            "<!--[if gte mso 9]><xml><w:WordDocument/></xml><![endif]--><p class=MsoNormal>甲<o:p></o:p></p>",
            "<p>甲</p>",
        ),
        ("<style>p.MsoNormal {margin:0}</style><p>甲</p>", "<p>甲</p>"),
        ("<h1 style='mso-outline-level:1'>一</h1><p>甲</p>", "<h2>一</h2><p>甲</p>"),
        ("<td><p style='mso-list:l0 level1 lfo1'>· 甲</p></td>", "<ul><li>甲</li></ul>"),
    ],
)
def test_word(html: str, expected: str) -> None:
    assert safe_html(html) == expected
    assert safe_html(expected) == expected


def test_a_very_deep_list_is_bounded() -> None:
    html = "".join(line(level, "·", str(level)) for level in range(1, 10))
    assert safe_html(safe_html(html)) == safe_html(html)
