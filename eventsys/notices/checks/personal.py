"""Personal data: identity numbers (GB 11643), mobile phones, e-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from phonenumbers import PhoneNumberMatcher, PhoneNumberType, number_type
from stdnum.cn import ric

from eventsys.core.language import gettext as _
from eventsys.notices.checks.finding import Finding, Kind, Looked

IDENTITY = re.compile(r"(?<![0-9A-Za-z])\d{6}[ -]?\d{8}[ -]?\d{3}[0-9Xx](?![0-9A-Za-z])")
EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
REGION = "CN"


def personal_data(looked: Looked) -> Iterator[Finding]:
    """An identity number stops a notice; a phone number or an address may be an office's own."""
    for passage in looked.passages:
        text = passage.text
        identities = [match.group() for match in IDENTITY.finditer(text) if ric.is_valid(_bare(match.group()))]
        for words in identities:
            message = _("“%(words)s” is an identity number. It may not be published.", words=words)
            yield Finding(Kind.PERSONAL, passage.field, words, message, blocks=True)
            text = text.replace(words, " ")
        for match in EMAIL.finditer(text):
            message = _("“%(words)s” is an e-mail address. Is it an office's?", words=match.group())
            yield Finding(Kind.PERSONAL, passage.field, match.group(), message)
        for words, mobile in _phones(text):
            message = _("“%(words)s” is a phone number. Is it an office's?", words=words)
            if mobile:
                message = _("“%(words)s” is a mobile phone number, most likely a person's.", words=words)
            yield Finding(Kind.PERSONAL, passage.field, words, message)


def _bare(number: str) -> str:
    return number.replace(" ", "").replace("-", "")


def _phones(text: str) -> Iterator[tuple[str, bool]]:
    """Valid phone numbers as they stand; Chinese ones need no country code."""
    if sum(character.isdigit() for character in text) < 7:
        return
    for match in PhoneNumberMatcher(text, REGION):
        yield match.raw_string, number_type(match.number) in MOBILE
