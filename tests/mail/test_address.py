"""One exact address, or none."""

import pytest

from eventsys.mail.address import Address, exact_address


@pytest.mark.parametrize(
    "text",
    [
        "li.ming@example.gov.cn",
        "meet+k5xgs3tboqqhi2df@meet.example.gov.cn",
        "a@localhost",
        "o'brien_{x}@sub-1.example.org",
        f"{'l' * 64}@example.org",
    ],
)
def test_exact(text: str) -> None:
    assert exact_address(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "li.ming",
        "@example.org",
        "a@",
        " a@b.cn",
        "a@b.cn ",
        "a@b.cn, c@d.cn",
        "a@b.cn;c@d.cn",
        "A <a@b.cn>",
        "<a@b.cn>",
        "a@b@c",
        "a@b.cn\r\nBcc: evil@example.org",
        "a@b.cn\n",
        "a\x00@b.cn",
        "alice@example.org)bob@evil",
        "admin@gov.cn<evil@x.y>",
        "a(comment)@b.cn",
        '"a b"@c.cn',
        "a@[127.0.0.1]",
        ".a@b.cn",
        "a.@b.cn",
        "a..b@c.cn",
        "a@-b.cn",
        "a@b..cn",
        "a@b.cn.",
        "李明@example.org",
        "a@例子.cn",
        "=?utf-8?q?a?=@b.cn",
        f"{'l' * 65}@example.org",
        f"a@{'d' * 60}.{'d' * 60}.{'d' * 60}.{'d' * 60}.{'d' * 20}",
    ],
)
def test_not_exact(text: str) -> None:
    with pytest.raises(ValueError, match="not one plain address"):
        exact_address(text)


def test_an_address_is_exact() -> None:
    with pytest.raises(ValueError, match="not one plain address"):
        Address("李明", "a@b.cn, c@d.cn")
