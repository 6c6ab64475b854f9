"""Rich text: what is left of any HTML, and that the rest is gone."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from eventsys.rendering.richtext import is_blank, plain_text, safe_html

REL = 'rel="noopener noreferrer"'

UNCHANGED = [
    "<p>市外事办公室召开<strong>会议</strong>。</p>",
    "<h2>一</h2><h3>二</h3><p>a<br>b</p><h3>三</h3><h2>四</h2>",
    "<ul><li>a<ol><li>b</li></ol></li><li><p>c</p><p>d</p></li></ul>",
    "<blockquote><p>a</p><ul><li>b</li></ul></blockquote>",
    f'<p><a href="https://example.org/?a=1&amp;b=2" {REL}>one <em>two</em></a></p>',
    (
        '<table><caption>c</caption><thead><tr><th scope="col">h</th><th scope="col" colspan="2">i</th></tr></thead>'
        '<tbody><tr><th scope="row">r</th><td>1</td><td rowspan="3"></td></tr></tbody></table>'
    ),
    "<p>1 &lt; 2 &amp;&amp; &amp;lt; \"q\" 'a'</p>",
    "<p><strong><em><u>all</u></em></strong></p>",
    (
        '<figure><img src="/notices/pictures/abcdefghijklmnop.jpg" alt="会场" width="800" height="600" loading="lazy">'
        "<figcaption>会场<strong>全景</strong></figcaption></figure>"
    ),
    '<p>a</p><figure><img src="/notices/pictures/ABC_defghij-klmnop.png" alt="" loading="lazy"></figure><p>b</p>',
]


@pytest.mark.parametrize("html", UNCHANGED)
def test_what_is_in_form_stays(html):
    assert safe_html(html) == html


@pytest.mark.parametrize(
    ("html", "safe"),
    [
        ("text", "<p>text</p>"),
        ("<p> a  \n b </p>\n<p><br></p><p>&nbsp;</p><p>\u3000\u3000c</p>", "<p>a b</p><p>c</p>"),
        ("<p><br>a <br> b<br></p>", "<p>a<br>b</p>"),
        ("<b>a</b><i>b</i><s>c</s><span style='color:red'>d</span>", "<p><strong>a</strong><em>b</em>cd</p>"),
        ("<strong>a</strong><b>b</b> <em></em>c", "<p><strong>ab</strong> c</p>"),
        ("<div>a<div>b</div>c</div>", "<p>a</p><p>b</p><p>c</p>"),
        ("<h1>a</h1><h4>b</h4><h6>c</h6>", "<h2>a</h2><h3>b</h3><h3>c</h3>"),
        ("<h3>a</h3><h3>b</h3>", "<h2>a</h2><h3>b</h3>"),
        ("<h2><br></h2><blockquote> </blockquote><ul><li></li></ul><table><tr><td></td></tr></table>", ""),
        ("<blockquote>a</blockquote><blockquote>b</blockquote>", "<blockquote><p>a</p><p>b</p></blockquote>"),
        ("<blockquote><h2>a</h2></blockquote>", "<blockquote><p>a</p></blockquote>"),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("<ul>stray<li><p>a</p></li></ul>", "<ul><li>stray</li><li>a</li></ul>"),
        ("<table><tr><td>a</td></tr></table>", "<table><tbody><tr><td>a</td></tr></tbody></table>"),
        ("<table><tr><td colspan=99>a</td></tr></table>", "<table><tbody><tr><td>a</td></tr></tbody></table>"),
        ("cafe\u0301\u202e\u200b\x0b\ud800", "<p>café \ufffd</p>"),
        ("&#x202e;a&#x2028;b", "<p>a b</p>"),
    ],
)
def test_other_html_is_brought_into_form(html, safe):
    assert safe_html(html) == safe


def test_the_editors_lists_become_real_ones():
    quill = (
        '<ol><li data-list="bullet"><span class="ql-ui" contenteditable="false"></span>a</li>'
        '<li data-list="ordered" class="ql-indent-1">b</li><li data-list="ordered" class="ql-indent-1">c</li>'
        '<li data-list="bullet">d</li><li data-list="ordered">e</li></ol>'
    )
    assert safe_html(quill) == "<ul><li>a<ol><li>b</li><li>c</li></ol></li><li>d</li></ul><ol><li>e</li></ol>"


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("HTTP://example.org", "HTTP://example.org"),
        ("mailto:office@example.org", "mailto:office@example.org"),
        ("javascript:alert(1)", None),
        ("java&#10;script:alert(1)", None),
        ("data:text/html,x", None),
        ("/relative", None),
        ("//example.org", None),
        ("https:example.org", None),
        ("https://example.org/\u202egpj.exe", None),
        ("", None),
    ],
)
def test_links_lead_to_known_places(href, kept):
    safe = f'<p><a href="{kept}" {REL}>x</a></p>' if kept else "<p>x</p>"
    assert safe_html(f'<a href="{href}" onclick="evil()" target="_blank">x</a>') == safe


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<style>*{}</style>",
        "<img src=x onerror=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        "<iframe src='https://example.org'></iframe>",
        "<!-- <p>x</p> -->",
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    ],
)
def test_nothing_of_an_attack_is_left(html):
    assert re.findall("<[^>]*>", safe_html(html).replace("<p>", "").replace("</p>", "")) == []


def test_deep_nesting_is_flattened():
    deep = "<blockquote><ul><li>" * 500 + "x"
    safe = safe_html(deep)
    assert safe.count("<blockquote>") == safe.count("<ul>") == 3
    assert safe_html(safe) == safe
    assert plain_text(deep).endswith("x")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<h2>标题</h2><p>a<br>b &amp; c</p><p></p><p>d</p>", "标题\n\na\nb & c\n\nd"),
        ("<ul><li>a<ol><li>b</li><li>c</li></ol></li><li>d</li></ul>", "- a\n  1. b\n  2. c\n- d"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n> \n> b"),
        ("<table><caption>c</caption><tr><th>a</th><td>b<br>c</td></tr></table>", "c\na | b c"),
        ("<script>x</script>", ""),
    ],
)
def test_plain_text(html, text):
    assert plain_text(html) == text


@pytest.mark.parametrize(
    ("html", "blank"),
    [
        (None, True),
        ("", True),
        ("<p><br></p>", True),
        ("<p>&nbsp;</p><ol><li data-list='bullet'></li></ol>", True),
        ("<p>0</p>", False),
    ],
)
def test_blank_is_what_shows_nothing(html, blank):
    assert is_blank(html) is blank


TAGS = """
    p h1 h2 h3 h4 ul ol li blockquote strong b em u a br table caption thead tbody tr td th div span script style svg
    math template textarea title select
"""
SOUP = st.lists(
    st.one_of(
        st.sampled_from([f"<{slash}{tag}>" for tag in TAGS.split() for slash in ("", "/")]),
        st.sampled_from(
            [
                '<li data-list="bullet">',
                '<li data-list="ordered" class="ql-indent-2">',
                '<a href="https://a.b/?x&y">',
                '<td colspan="3" rowspan="2">',
                "&lt;",
                "&amp;lt;",
                "&nbsp;",
                " ",
                "\n",
                "<!--",
                "<![CDATA[",
            ]
        ),
        st.text(max_size=4),
    ),
    max_size=30,
).map("".join)


@settings(deadline=None)
@given(SOUP)
@example("<li data-list='ordered' class='ql-indent-8'>x<table><tr><td>y")
def test_safe_twice_is_safe_once(html):
    safe = safe_html(html)
    assert safe_html(safe) == safe
    assert plain_text(safe) == plain_text(html)
    assert is_blank(safe) is (safe == "")


@settings(deadline=None)
@given(SOUP)
def test_only_known_markup_is_left(html):
    known = (
        r"</?(?:p|h2|h3|ul|ol|li|blockquote|strong|em|u|table|caption|thead|tbody|tr|td)>|</(?:a|th)>|<br>"
        r'|<a href="(?:https?|mailto):[^"<>]*" rel="noopener noreferrer">'
        r'|<t[hd](?: scope="(?:col|row)")?(?: colspan="\d+")?(?: rowspan="\d+")?>'
    )
    assert not re.search("[<>]", re.sub(known, "", safe_html(html)))
