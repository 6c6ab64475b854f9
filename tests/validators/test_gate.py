"""The MIME gate: what mail programs want of a letter before they show buttons, held to every letter that left."""

from __future__ import annotations

import re
from base64 import b64decode
from collections import Counter, defaultdict
from collections.abc import Callable

import pytest

from eventsys.mail.message import HEADERS
from tests.mail.test_message import written_by_the_library
from tests.validators.conftest import ONCE, Played
from tests.validators.gate import calendar_of, content, message, method_of, parts, unfolded, values
from tests.validators.stories import Sent

pytestmark = ONCE

METHODS = {
    **dict.fromkeys(("invitation", "update", "resend", "delegation", "return"), "REQUEST"),
    **dict.fromkeys(("cancellation", "withdrawal"), "CANCEL"),
    "decline_counter": "DECLINECOUNTER",
}
LONGEST_LINE = 75
ASKING = re.compile(r"^ATTENDEE;[^:]*RSVP=", re.MULTILINE)
SENDER = re.compile(r"<([^<>]+)>\Z")


@pytest.fixture
def letters(played: Played) -> list[Sent]:
    return played[0]


@pytest.fixture
def calendars(letters: list[Sent]) -> list[tuple[Sent, bytes]]:
    return [(letter, calendar) for letter in letters if (calendar := calendar_of(letter.octets))]


def those(letters: list[Sent], is_wrong: Callable[[Sent], bool]) -> list[tuple[int, str, str]]:
    return [(letter.story, letter.kind, letter.address) for letter in letters if is_wrong(letter)]


def test_every_kind_left(letters: list[Sent]) -> None:
    kinds = {"reminder", "leave_decision", "receipt", *METHODS}
    assert {letter.kind for letter in letters} == kinds


def test_the_shape(letters: list[Sent]) -> None:
    words = ["multipart/alternative", "text/plain", "text/html"]
    wanted = {
        "": words,
        "REQUEST": ["multipart/mixed", *words, "text/calendar", "application/ics"],
        "CANCEL": ["multipart/mixed", *words, "text/calendar", "application/ics"],
        "DECLINECOUNTER": [*words, "text/calendar"],
    }
    assert those(letters, lambda each: shape(each) != wanted[METHODS.get(each.kind, "")]) == []


def shape(letter: Sent) -> list[str]:
    return [part.get_content_type() for part in message(letter.octets).walk()]


def test_the_parameter_says_the_method_and_nothing_else(calendars: list[tuple[Sent, bytes]]) -> None:
    found = {
        (letter.kind, parts(letter.octets, "text/calendar")[0]["Content-Type"], *values(calendar, "METHOD"))
        for letter, calendar in calendars
    }
    assert found == {
        (kind, f"text/calendar; charset=utf-8; method={method}", method) for kind, method in METHODS.items()
    }


def test_the_calendar_part_is_the_last_alternative_shown_in_line_and_the_file_is_its_copy(letters: list[Sent]) -> None:
    def is_wrong(letter: Sent) -> bool:
        (shown,), files = (parts(letter.octets, kind) for kind in ("text/calendar", "application/ics"))
        encodings = {str(part["Content-Transfer-Encoding"]) for part in (shown, *files)}
        return (
            shown["Content-Disposition"] is not None
            or encodings != {"base64"}
            or any(not str(file["Content-Disposition"]).startswith("attachment;") for file in files)
            or any(content(shown) != content(file) for file in files)
        )

    assert those([letter for letter in letters if letter.kind in METHODS], is_wrong) == []


def test_headers(letters: list[Sent]) -> None:
    def is_wrong(letter: Sent) -> bool:
        read = message(letter.octets)
        names = [name for name, _value in read.items()]
        return (
            len(set(names)) != len(names)
            or not HEADERS.issuperset(names)
            or {"List-Unsubscribe", "Bcc", "Cc", "Sender"} & set(names) != set()
            or read["Auto-Submitted"] != "auto-generated"
            or read["X-Auto-Response-Suppress"] != "OOF, AutoReply"
            or SENDER.findall(read["To"]) not in ([letter.address], [])
            or letter.address not in read["To"]
        )

    assert those(letters, is_wrong) == []


def test_lines_end_with_crlf_and_nothing_else_is_a_line_end(letters: list[Sent]) -> None:
    lone = re.compile(rb"(?<!\r)\n|\r(?!\n)")
    assert those(letters, lambda each: bool(lone.search(each.octets)) or not each.octets.isascii()) == []
    assert those(letters, lambda each: bool(lone.search(calendar_of(each.octets)))) == []
    assert those(letters, lambda each: max(map(len, each.octets.split(b"\r\n"))) > 998) == []


def test_calendar_lines_are_folded_at_75_octets_between_characters(calendars: list[tuple[Sent, bytes]]) -> None:
    wrong = [line for _letter, calendar in calendars for line in calendar.split(b"\r\n") if not is_line(line)]
    assert wrong == []


def is_line(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return len(line) <= LONGEST_LINE


def test_a_calendar_object_begins_and_ends_as_one(calendars: list[tuple[Sent, bytes]]) -> None:
    heads = {tuple(unfolded(calendar)[:4]) for _letter, calendar in calendars}
    first = ("BEGIN:VCALENDAR", "PRODID:-//eventsys//eventsys//EN", "VERSION:2.0", "CALSCALE:GREGORIAN")
    assert heads == {first}
    assert [letter for letter, calendar in calendars if not calendar.endswith(b"\r\nEND:VCALENDAR\r\n")] == []
    assert [letter for letter, calendar in calendars if b"\r\n\r\n" in calendar or "\ufeff" in calendar.decode()] == []


def test_base64_holds_lines_of_76_characters_and_is_whole(letters: list[Sent]) -> None:
    def is_wrong(letter: Sent) -> bool:
        for part in message(letter.octets).walk():
            if part["Content-Transfer-Encoding"] == "base64":
                lines = str(part.get_payload()).splitlines()
                b64decode("".join(lines), validate=True)
                if any(len(line) > 76 for line in lines):
                    return True
        return False

    assert those(letters, is_wrong) == []


def test_every_letter_has_a_name_of_its_own(letters: list[Sent]) -> None:
    names = Counter(message(letter.octets)["Message-ID"] for letter in letters)
    assert [name for name, number in names.items() if number > 1] == []


def test_the_sender_is_the_organizer_and_never_the_reader(calendars: list[tuple[Sent, bytes]]) -> None:
    def is_wrong(letter: Sent, calendar: bytes) -> bool:
        (organizer,) = values(calendar, "ORGANIZER")
        sender = SENDER.findall(message(letter.octets)["From"])
        people = {each.casefold() for each in values(calendar, "ATTENDEE")}
        return (
            [organizer.removeprefix("mailto:")] != sender
            or "+" not in organizer
            or organizer.casefold() in people
            or (letter.kind != "decline_counter" and f"mailto:{letter.address}".casefold() not in people)
            or b"SENT-BY" in calendar
        )

    assert [(each.story, each.kind) for each, calendar in calendars if is_wrong(each, calendar)] == []


def test_an_alarm_is_in_no_cancellation_and_an_answer_asked_in_none(calendars: list[tuple[Sent, bytes]]) -> None:
    cancelled = [unquoted(calendar) for letter, calendar in calendars if method_of(letter.octets) == "CANCEL"]
    others = [unquoted(calendar) for letter, calendar in calendars if method_of(letter.octets) == "REQUEST"]
    assert [text for text in cancelled if "\nBEGIN:VALARM\n" in text or ASKING.search(text)] == []
    assert any("\nBEGIN:VALARM\n" in text for text in others) and all(ASKING.search(text) for text in others)


def unquoted(calendar: bytes) -> str:
    """The content lines with nothing in their quoted parameters."""
    return re.sub('"[^"\n]*"', '""', "\n".join(unfolded(calendar)))


def test_each_calendar_gets_later_and_later_revisions_of_one_event(calendars: list[tuple[Sent, bytes]]) -> None:
    """For each address: SEQUENCE never falls, DTSTAMP always rises, UID and ORGANIZER stay (RFC 5546 §2.1.5)."""
    by_reader: dict[tuple[int, str], list[bytes]] = defaultdict(list)
    for letter, calendar in calendars:
        by_reader[letter.story, letter.address].append(calendar)
    assert [reader for reader, said in by_reader.items() if not grows(said)] == []
    assert max(len(said) for said in by_reader.values()) > 5


def grows(said: list[bytes]) -> bool:
    sequences = [int((values(each, "SEQUENCE") or ["0"])[0]) for each in said]
    stamps = [values(each, "DTSTAMP")[0] for each in said]
    identities = {(values(each, "UID")[0], values(each, "ORGANIZER")[0]) for each in said}
    return sequences == sorted(sequences) and stamps == sorted(set(stamps)) and len(identities) == 1


def test_a_zone_is_defined_where_it_is_used_and_only_there(calendars: list[tuple[Sent, bytes]]) -> None:
    def is_wrong(calendar: bytes) -> bool:
        used = set(re.findall(r"^DT(?:START|END);TZID=([^:]+):", "\n".join(unfolded(calendar)), re.MULTILINE))
        return used != set(values(calendar, "TZID"))

    assert [letter for letter, calendar in calendars if is_wrong(calendar)] == []


def test_the_email_package_writes_the_same_octets(letters: list[Sent]) -> None:
    assert those(letters, lambda each: written_by_the_library(each.octets) != each.octets) == []
