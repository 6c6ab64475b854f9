"""Octets as text, whatever character set they are in: what the label says is often not so."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Only these: Python also knows "character sets" that unpack archives or take quadratic time. What people call GB2312
# or Big5 is written by programs that know more characters; the larger set reads both. UTF-16 is seen, not believed.
_KNOWN = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "gb2312": "gb18030",
    "gb-2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "gb18030": "gb18030",
    "hz-gb-2312": "hz",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "cp950": "cp950",
    "iso-8859-1": "cp1252",
    "iso-8859-2": "iso-8859-2",
    "iso-8859-15": "iso-8859-15",
    "latin1": "cp1252",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "windows-1251": "cp1251",
    "koi8-r": "koi8-r",
    "shift-jis": "cp932",
    "euc-jp": "euc-jp",
    "iso-2022-jp": "iso-2022-jp",
    "ks-c-5601-1987": "cp949",
    "euc-kr": "cp949",
}
_SEVEN_BIT = frozenset({"hz", "iso-2022-jp"})
_OF_ONE_OCTET = ("cp125", "iso-8859", "koi8")
_ESCAPES = re.compile(rb"\x1b|~[{]")
_HIGH = re.compile(rb"[\x80-\xff]+")
_PRIVATE = re.compile("[\ue000-\uf8ff]")


def decoded(data: bytes, label: str = "") -> str:
    """The text of `data`, labelled `label`; what no character set explains becomes U+FFFD. Never raises.

    UTF-8 is believed whenever it fits, since hardly any other text looks like it; then GB 18030 where octets stand in
    pairs and the label knows only single ones; then the label; then GB 18030, Big5 and Windows-1252.
    """
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(codec, "replace")
    wide = _wide(data)
    if wide:
        return data.decode(wide, "replace")
    named = _KNOWN.get(label.strip("\"' \t").lower().replace("_", "-"), "")
    for codec in _guesses(data, named):
        try:
            text = data.decode(codec)
        except UnicodeError:
            continue
        if codec == named or not _PRIVATE.search(text):
            return text
    return data.decode("cp1252", "replace")


def _wide(data: bytes) -> str:
    """UTF-16 without a mark: a calendar object or a letter begins with ASCII, so that every other octet is NUL."""
    start = data[:16]
    if len(start) < 4:
        return ""
    if not any(start[1::2]) and all(start[0::2]):
        return "utf-16-le"
    return "utf-16-be" if not any(start[0::2]) and all(start[1::2]) else ""


def _guesses(data: bytes, named: str) -> list[str]:
    if named in _SEVEN_BIT and _ESCAPES.search(data):
        return [named, "utf-8", "gb18030"]
    doubtful = named in ("", "utf-8") or named.startswith(_OF_ONE_OCTET)
    in_pairs = doubtful and all(len(run) % 2 == 0 for run in _HIGH.findall(data))
    label = [named] if named else []
    return ["utf-8", *(["gb18030"] if in_pairs else []), *label, "gb18030", "big5hkscs"]
