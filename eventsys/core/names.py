"""How names are read: pinyin for sorting, searching and addresses, with what pypinyin misreads put right.

A surname may be read unlike the same character elsewhere (曾 Zeng, 单 Shan), and so may a place (朝阳 Chaoyang).
pypinyin is imported where it is used: its dictionaries cost 50 MB.
"""

import re
import unicodedata
from functools import lru_cache

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
PIECES = re.compile(rf"[{HAN}]+|[a-z]+|[0-9]+")
PERSON = re.compile(rf"[{HAN}]{{2,4}}")
HAN_RUN = re.compile(rf"[{HAN}]+")
OFFICE_ENDINGS = tuple("区县市省乡镇村州局委办会院部处科室厅署所站队司团社校馆台厂长员")
KEY_LENGTH = 200

_SURNAMES = """
    曾:zeng1 单:shan4 仇:qiu2 解:xie4 区:ou1 查:zha1 翟:zhai2 朴:piao2 盖:ge3 任:ren2 华:hua4 覃:qin2 缪:miao4 燕:yan1
    纪:ji3 乐:yue4 员:yun4 种:chong2 秘:bi4 折:she2 黑:he4 哈:ha3 召:shao4 繁:po2 那:na1 葛:ge3 过:guo1 都:du1 句:gou1
    卜:bu3 撒:sa4 於:yu1 乜:nie4 佴:nai4 相:xiang4 要:yao1 占:zhan1 祭:zhai4 洗:xian3 薄:bo2 阚:kan4 干:gan1 肖:xiao1
    藏:zang4 能:nai4 蔚:yu4
"""
_COMPOUND_SURNAMES = """
    单于 长孙 乐正 尉迟 万俟 澹台 令狐 宰父 宗政 濮阳 淳于 公冶 太叔 申屠 公孙 仲孙 轩辕 钟离 宇文 慕容 鲜于 闾丘 司徒
    司空 亓官 司寇 子车 颛孙 端木 巫马 公西 漆雕 壤驷 公良 拓跋 夹谷 谷梁 百里 东郭 南门 呼延 南宫 第五 诸葛 欧阳 上官
    夏侯 皇甫
"""
_READINGS = """
    朝阳:chao2-yang2 单县:shan4-xian4 曾都:zeng1-du1 曾国:zeng1-guo2 长治:chang2-zhi4 长海:chang2-hai3
    长垣:chang2-yuan2 会稽:kuai4-ji1 繁峙:fan2-shi4 解州:hai4-zhou1 大埔:da4-bu4 黄陂:huang2-pi2 六合:lu4-he2
    洪洞:hong2-tong2 珲春:hun2-chun1 穆棱:mu4-ling2 闽侯:min3-hou4 荥经:ying2-jing1 浚县:xun4-xian4 涡阳:guo1-yang2
    天台县:tian1-tai1-xian4 郫都:pi2-du1 都昌:du1-chang1 乐正:yue4-zheng4 解放:jie3-fang4 单位:dan1-wei4 区委:qu1-wei3
    区政:qu1-zheng4 区人:qu1-ren2 区长:qu1-zhang3 区域:qu1-yu4 区级:qu1-ji2
"""
SURNAMES = dict(pair.split(":") for pair in _SURNAMES.split())
COMPOUND_SURNAMES = frozenset(_COMPOUND_SURNAMES.split())
READINGS = {name: tuple(reading.split("-")) for name, _, reading in (p.partition(":") for p in _READINGS.split())}
EXCEPTIONS = re.compile("|".join(sorted(READINGS, key=len, reverse=True)))
UNACCENTED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŋ": "n"}
)


def fold(text: str) -> str:
    """Lower case without accents, full-width forms as plain ones: `Ａlžběta` becomes `alzbeta`."""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(character for character in parts if unicodedata.category(character) != "Mn")
    return unicodedata.normalize("NFKC", plain).casefold().translate(UNACCENTED)


def sort_key(name_zh: str | None, name_en: str | None, *, person: bool | None = None) -> str:
    """The name as `[a-z0-9]` text that sorts as a Chinese list does: pinyin, tone, character; Latin names among them.

    The Chinese name counts, the English where there is none. Numbers sort by value. Every collation of SQLite and
    PostgreSQL puts digits before letters, so the order is the same in an index on either. `person` says whether a
    surname stands first; None guesses from length and ending. At most 200 characters.
    """
    return _sort_key(name_zh or name_en or "", person)


@lru_cache(maxsize=8192)
def _sort_key(name: str, person: bool | None) -> str:
    key = "".join(_key_piece(piece, _readings(piece, person)) for piece in PIECES.findall(fold(name)))
    return key[:KEY_LENGTH]


def _key_piece(piece: str, readings: tuple[str, ...]) -> str:
    if readings:
        return "".join(f"{reading}{ord(character):05x}" for character, reading in zip(piece, readings, strict=True))
    if piece.isdigit():
        digits = piece.lstrip("0")[:26]
        return f"1{chr(ord('a') + max(0, len(digits) - 1))}{digits}"
    return piece + "0"


def _readings(piece: str, person: bool | None) -> tuple[str, ...]:
    """The syllable and tone of each character, as `zeng1`; empty for a piece that is not Chinese."""
    if not HAN_RUN.fullmatch(piece):
        return ()
    readings = _dictionary_readings(piece)
    if piece.startswith("长") and readings[0] == "zhang3" and not piece.startswith(("长子", "长孙", "长者", "长老")):
        readings[0] = "chang2"
    if _is_person(piece) if person is None else person:
        readings[0] = readings[0] if piece[:2] in COMPOUND_SURNAMES else SURNAMES.get(piece[0], readings[0])
    for found in EXCEPTIONS.finditer(piece):
        readings[found.start() : found.end()] = READINGS[found.group()]
    return tuple(readings)


def _is_person(piece: str) -> bool:
    return bool(PERSON.fullmatch(piece)) and not piece.endswith(OFFICE_ENDINGS)


def _dictionary_readings(piece: str) -> list[str]:
    """pypinyin's readings, one for each character, "0" for a character that it does not know."""
    from pypinyin import Style, lazy_pinyin

    def read(characters: str) -> list[str]:
        return lazy_pinyin(characters, style=Style.TONE3, neutral_tone_with_five=True, errors=lambda _: "0")

    readings = read(piece)
    if len(readings) != len(piece):
        readings = [read(character)[0] for character in piece]
    return ["du1" if reading == "dou1" else unicodedata.normalize("NFC", reading) for reading in readings]


@lru_cache(maxsize=8192)
def syllables(name: str) -> tuple[str, ...]:
    """The name as read, in small letters: `("shen", "yang")`, `("li", "si")`, `("anna", "berg")`."""
    words: list[str] = []
    for piece in PIECES.findall(fold(name)):
        readings = _readings(piece, None)
        words.extend(re.sub("[^a-z]", "", reading) for reading in readings) if readings else words.append(piece)
    return tuple(word for word in words if word)


def romanized(text: str) -> str:
    """The text in ASCII words: Latin ones without accents, Chinese ones by syllable."""
    return " ".join(syllables(text))


def initials(name: str) -> str:
    """First letters as people type them: `sywsb` for 沈阳外事办, `zw` for 张伟 and Zhang Wei."""
    return "".join(syllable[0] for syllable in syllables(name))
