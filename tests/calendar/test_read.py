"""Scheduling messages of other calendars: what is understood, what is doubted, what is refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from eventsys.calendar import write
from eventsys.calendar.model import PartStat
from eventsys.calendar.read import Answerer, Doubt, Flaw, Item, Method, Unreadable, read
from tests.calendar.messages import LI_MING, UID, calendar, event, reply
from tests.calendar.samples import CONFERENCE, SUBSTITUTED


def only(data: bytes, **more: str) -> Item:
    (item,) = read(data, **more)  # type: ignore[arg-type]
    return item


def answerer(line: str) -> Answerer:
    (found,) = only(reply(line)).attendees
    return found


def flaw(data: bytes) -> Flaw:
    with pytest.raises(Unreadable) as refused:
        read(data)
    return refused.value.reason


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


def test_our_own_request_reads_back() -> None:
    item = only(write.request(CONFERENCE))
    assert (item.method, item.uid, item.sequence) == (Method.REQUEST, CONFERENCE.uid, 0)
    assert (item.stamp, item.starts_at, item.ends_at) == (CONFERENCE.stamp, CONFERENCE.starts_at, CONFERENCE.ends_at)
    assert (item.organizer, item.location) == (CONFERENCE.organizer.email, CONFERENCE.location)
    assert item.attendees == (
        Answerer(
            address="li.ming@example.gov.cn",
            partstat=PartStat.NEEDS_ACTION,
            name="李明",
            raw="li.ming@example.gov.cn",
        ),
    )


def test_our_own_delegation_reads_back() -> None:
    delegator, delegate = only(write.request(SUBSTITUTED)).attendees
    assert (delegator.partstat, delegator.delegated_to) == (PartStat.DELEGATED, delegate.address)
    assert delegate.delegated_from == delegator.address


@pytest.mark.parametrize(
    "value",
    [
        "mailto:li.ming@example.com",
        "MAILTO:li.ming@example.com",
        "Mailto:LI.MING@Example.COM",
        "mailto:mailto:li.ming@example.com",
        "MailTo: mailto: li.ming@example.com ",
        "li.ming@example.com",
        " li.ming@example.com",
        "mailto:<li.ming@example.com>",
        "<mailto:li.ming@example.com>",
        "mailto:li%2Eming%40example.com",
        "mailto:li.ming@example.com?subject=x",
    ],
)
def test_an_address_is_the_same_however_it_is_written(value: str) -> None:
    assert answerer(f"ATTENDEE;PARTSTAT=ACCEPTED:{value}").address == "li.ming@example.com"


@pytest.mark.parametrize(
    ("line", "address", "raw"),
    [
        ("ATTENDEE;EMAIL=li.ming@example.com:urn:uuid:4711", "li.ming@example.com", "li.ming@example.com"),
        ("ATTENDEE;EMAIL=li.ming@example.com:/principals/li/", "li.ming@example.com", "li.ming@example.com"),
        ("ATTENDEE;EMAIL=other@example.com:mailto:li.ming@example.com", "li.ming@example.com", "li.ming@example.com"),
        ("ATTENDEE:urn:uuid:4711", None, "urn:uuid:4711"),
        ("ATTENDEE:mailto:", None, ""),
        ("ATTENDEE:", None, ""),
        ("ATTENDEE:mailto:a@b@example.com", None, "a@b@example.com"),
        ("ATTENDEE:mailto:a@example.com,b@example.com", None, "a@example.com,b@example.com"),
        ("ATTENDEE:mailto:\u212aing@example.com", None, "king@example.com"),
        ("ATTENDEE:mailto:张伟@例子.中国", None, "张伟@例子.中国"),
    ],
)
def test_an_address_is_one_plain_address_or_none(line: str, address: str | None, raw: str) -> None:
    found = answerer(line)
    assert (found.address, found.raw) == (address, raw)


@pytest.mark.parametrize(
    "line",
    [
        'ATTENDEE;PARTSTAT=DECLINED;CN="Li, Ming":mailto:li.ming@example.com',
        "ATTENDEE;PARTSTAT=DECLINED;CN=Li, Ming:mailto:li.ming@example.com",
        "ATTENDEE;PARTSTAT=DECLINED;CN='Li Ming':mailto:li.ming@example.com",
        'ATTENDEE;PARTSTAT=DECLINED;CN=Li "Ming" Li:mailto:li.ming@example.com',
        'ATTENDEE;CN="Li;PARTSTAT=DECLINED:mailto:li.ming@example.com',
        'ATTENDEE;CN="Li;PARTSTAT=DECLINED:mailto:mailto:li.ming@example.com',
        "ATTENDEE;CN=Li: Ming;PARTSTAT=DECLINED:mailto:li.ming@example.com",
        "ATTENDEE;CN=Li\\;PARTSTAT=DECLINED:mailto:li.ming@example.com",
        'ATTENDEE;CN="C:\\Li\\";PARTSTAT=DECLINED:mailto:li.ming@example.com',
        "ATTENDEE;CN=Li\\, Ming\\; Dr;PARTSTAT=DECLINED:mailto:li.ming@example.com",
        "attendee ; partstat = declined ; cn = Li : mailto:li.ming@example.com",
        "ATTENDEE;;PARTSTAT=DECLINED;:mailto:li.ming@example.com",
        "ATTENDEE;PARTSTAT=declined:mailto:li.ming@example.com",
        'ATTENDEE;PARTSTAT="DECLINED":mailto:li.ming@example.com',
        "ATTENDEE;ROLE=REQ_PARTICIPANT;RSVP=;X-A=1;X-A=2;PARTSTAT=DECLINED:mailto:li.ming@example.com",
        "ATTENDEE;CN=Li^nMing^'x^';PARTSTAT=DECLINED:mailto:li.ming@example.com",
        "ATTENDEE;CN=\x01Li\x7f;PARTSTAT=DECLINED:mailto:li.ming@example.com",
    ],
)
def test_an_answer_is_found_in_whatever_surrounds_it(line: str) -> None:
    found = answerer(line)
    assert (found.address, found.partstat) == ("li.ming@example.com", PartStat.DECLINED)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("", None),
        ("PARTSTAT=", None),
        ("PARTSTAT=NEEDS-ACTION", PartStat.NEEDS_ACTION),
        ("PARTSTAT=Tentative", PartStat.TENTATIVE),
        ("PARTSTAT=IN-PROCESS", PartStat.NEEDS_ACTION),
        ("PARTSTAT=X-MAYBE", PartStat.NEEDS_ACTION),
    ],
)
def test_without_partstat_there_is_no_answer_and_an_unknown_one_is_doubted(
    written: str, read_as: PartStat | None
) -> None:
    item = only(reply(f"ATTENDEE;{written}:mailto:li.ming@example.com"))
    assert item.attendees[0].partstat is read_as
    assert (Doubt.UNKNOWN_PARTSTAT in item.warnings) == (written in ("PARTSTAT=IN-PROCESS", "PARTSTAT=X-MAYBE"))


@pytest.mark.parametrize(
    ("written", "number", "doubt"),
    [
        ("0", 0, None),
        (" 7 ", 7, None),
        ("007", 7, None),
        ("2147483647", 2147483647, None),
        ("2147483648", 2147483647, Doubt.SEQUENCE_BOUNDED),
        ("1407317367304", 2147483647, Doubt.SEQUENCE_BOUNDED),
        ("9" * 5000, 2147483647, Doubt.SEQUENCE_BOUNDED),
        ("-1", None, Doubt.SEQUENCE_UNREADABLE),
        ("1.0", None, Doubt.SEQUENCE_UNREADABLE),
        ("１", None, Doubt.SEQUENCE_UNREADABLE),
        ("one", None, Doubt.SEQUENCE_UNREADABLE),
        ("", None, None),
    ],
)
def test_sequence_stays_within_its_bounds(written: str, number: int | None, doubt: Doubt | None) -> None:
    item = only(reply(LI_MING, f"SEQUENCE:{written}"))
    assert item.sequence == number
    assert item.warnings == ((doubt,) if doubt else ())


@pytest.mark.parametrize(
    ("written", "stamp"),
    [
        ("DTSTAMP:20240813T033500Z", at(2024, 8, 13, 3, 35)),
        ("DTSTAMP:20240813t033500z", at(2024, 8, 13, 3, 35)),
        ("DTSTAMP;VALUE=DATE-TIME:20240813T033500Z", at(2024, 8, 13, 3, 35)),
        ("DTSTAMP;TZID=Asia/Shanghai:20240813T113500", at(2024, 8, 13, 3, 35)),
        ("DTSTAMP:20240813T033500", None),
        ("DTSTAMP:20240813", None),
        ("DTSTAMP:20241332T992500Z", None),
        ("DTSTAMP:00000101T000000Z", None),
        ("DTSTAMP:99991231T235959Z", None),
        ("DTSTAMP:now", None),
        ("X-NONE:", None),
    ],
)
def test_a_stamp_is_told_only_where_it_is_certain(written: str, stamp: datetime | None) -> None:
    item = only(calendar("BEGIN:VEVENT", f"UID:{UID}", written, LI_MING, "END:VEVENT"))
    assert item.stamp == stamp
    assert item.raw_stamp == (written.rpartition(":")[2] if written.startswith("DTSTAMP") else None)


BEIJING = (
    "BEGIN:VTIMEZONE",
    "TZID:(UTC+08:00) Beijing\\, Chongqing",
    "BEGIN:STANDARD",
    "DTSTART:16010101T000000",
    "TZOFFSETFROM:+0800",
    "TZOFFSETTO:+0800",
    "END:STANDARD",
    "BEGIN:DAYLIGHT",
    "DTSTART:16010101T000000",
    "TZOFFSETFROM:+0800",
    "TZOFFSETTO:+0800",
    "END:DAYLIGHT",
    "END:VTIMEZONE",
)


def european(name: str, summer: str = "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3") -> tuple[str, ...]:
    return (
        "BEGIN:VTIMEZONE",
        f"TZID:{name}",
        *("BEGIN:STANDARD", "DTSTART:16011028T030000", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10"),
        *("TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "END:STANDARD"),
        *("BEGIN:DAYLIGHT", "DTSTART:16010325T020000", f"RRULE:{summer}"),
        *("TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "END:DAYLIGHT"),
        "END:VTIMEZONE",
    )


@pytest.mark.parametrize(
    ("start", "zones", "instant"),
    [
        ("DTSTART:20240822T010000Z", (), at(2024, 8, 22, 1)),
        ("DTSTART;TZID=Asia/Shanghai:20240822T090000", (), at(2024, 8, 22, 1)),
        ('DTSTART;TZID="Asia/Shanghai":20240822T090000', (), at(2024, 8, 22, 1)),
        ("DTSTART;TZID=China Standard Time:20240822T090000", (), at(2024, 8, 22, 1)),
        ('DTSTART;TZID="W. Europe Standard Time":20240822T030000', (), at(2024, 8, 22, 1)),
        ("DTSTART;TZID=tzone://Microsoft/Utc:20240822T010000", (), at(2024, 8, 22, 1)),
        ("DTSTART;TZID=/freeassociation.sourceforge.net/Asia/Shanghai:20240822T090000", (), at(2024, 8, 22, 1)),
        ("DTSTART;TZID=(UTC+08:00) Beijing, Chongqing:20240822T090000", BEIJING, at(2024, 8, 22, 1)),
        ('DTSTART;TZID="(UTC+08:00) Beijing, Chongqing":20240822T090000', BEIJING, at(2024, 8, 22, 1)),
        (
            "DTSTART;TZID=tzone://Microsoft/Custom:20240822T030000",
            european("tzone://Microsoft/Custom"),
            at(2024, 8, 22, 1),
        ),
        ("DTSTART;TZID=Our time:20240122T020000", european("Our time"), at(2024, 1, 22, 1)),
        (
            "DTSTART;TZID=Our time:20240822T030000",
            european("Our time", "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=25"),
            at(2024, 8, 22, 1),
        ),
        # What the message says of a zone counts more than what its name means.
        ("DTSTART;TZID=Asia/Shanghai:20240822T030000", european("Asia/Shanghai"), at(2024, 8, 22, 1)),
        # A rule that would keep the reader busy is not believed; the name still tells.
        ("DTSTART;TZID=Our time:20240822T030000", european("Our time", "FREQ=SECONDLY"), None),
        ("DTSTART;TZID=Our time:20240822T030000", european("Our time", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), None),
        ("DTSTART;TZID=Asia/Shanghai:20240822T090000", european("Asia/Shanghai", "FREQ=SECONDLY"), at(2024, 8, 22, 1)),
        ("DTSTART:20240822T090000", (), None),
        ("DTSTART;TZID=Nowhere/Land:20240822T090000", (), None),
        ("DTSTART;TZID=../../etc/passwd:20240822T090000", (), None),
        ("DTSTART;VALUE=DATE:20240822", (), None),
        ("DTSTART:199706211T173000Z", (), None),
    ],
)
def test_a_proposed_start_is_an_instant_or_shown_as_written(
    start: str, zones: tuple[str, ...], instant: datetime | None
) -> None:
    item = only(calendar(*zones, *event(start, LI_MING), method="COUNTER"))
    assert item.starts_at == instant
    assert item.raw_start.endswith(start.rpartition(":")[2])


def test_a_zone_of_one_message_is_forgotten_with_it() -> None:
    start = "DTSTART;TZID=Our own time:20240822T030000"
    assert only(calendar(*european("Our own time"), *event(start))).starts_at == at(2024, 8, 22, 1)
    assert only(calendar(*event(start))).starts_at is None


@pytest.mark.parametrize(
    ("lines", "ends_at"),
    [
        (("DTEND:20240822T040000Z",), at(2024, 8, 22, 4)),
        (("DURATION:PT2H30M",), at(2024, 8, 22, 3, 30)),
        (("DURATION:P1W",), at(2024, 8, 29, 1)),
        (("DTEND:20240822T000000Z",), None),
        (("DTEND:20240822T090000",), None),
        (("DURATION:-PT1H",), None),
        (("DURATION:P99999999999W",), None),
        ((), None),
    ],
)
def test_a_proposed_end_is_certain_or_not_told(lines: tuple[str, ...], ends_at: datetime | None) -> None:
    assert only(reply("DTSTART:20240822T010000Z", *lines, method="COUNTER")).ends_at == ends_at


def test_times_of_an_occurrence_are_kept_as_written() -> None:
    written = (
        "RECURRENCE-ID;TZID=Asia/Shanghai:20240829T090000",
        "RECURRENCE-ID:20240829T010000Z",
        "RECURRENCE-ID;VALUE=DATE:20240829",
    )
    items = read(calendar(*(line for each in written for line in event(each, LI_MING))))
    assert [item.recurrence_id for item in items] == ["20240829T090000", "20240829T010000Z", "20240829"]


@pytest.mark.parametrize(
    ("line", "comment"),
    [
        ("COMMENT:Yes\\, gladly\\; thanks\\nLi", "Yes, gladly; thanks\nLi"),
        ("COMMENT:C:\\\\New and \\New", "C:\\New and \new"),
        ("COMMENT;LANGUAGE=zh-CN:那天我出差", "那天我出差"),
        ('COMMENT;ALTREP="cid:1":a: b', "a: b"),
        ("COMMENT:a\x00b\x07c\u202ed", "abcd"),
        ("COMMENT:&amp; stays", "&amp; stays"),
        ("COMMENT:", ""),
        ("X-OTHER:a", None),
    ],
)
def test_a_comment_is_a_text(line: str, comment: str | None) -> None:
    assert only(reply(LI_MING, line)).comment == comment


def test_several_comments_are_lines_of_one() -> None:
    assert only(reply(LI_MING, "COMMENT:a", "COMMENT:b")).comment == "a\nb"


@pytest.mark.parametrize(
    "written",
    [
        '"I can&rsquo\\;t&nbsp\\;come\\, sorry"',
        "I can&rsquo\\;t&nbsp\\;come\\, sorry",
        '"I can&rsquo;t&#160;come, sorry"',
    ],
)
def test_the_note_of_google_is_unescaped_twice(written: str) -> None:
    found = answerer(f"ATTENDEE;PARTSTAT=DECLINED;X-RESPONSE-COMMENT={written}:mailto:li.ming@example.com")
    assert (found.comment, found.address) == ("I can’t\xa0come, sorry", "li.ming@example.com")


@pytest.mark.parametrize(
    ("params", "to", "doubts"),
    [
        ('DELEGATED-TO="mailto:wang@example.com"', "wang@example.com", ()),
        ("DELEGATED-TO=mailto:wang@example.com", "wang@example.com", ()),
        (
            'DELEGATED-TO="mailto:wang@example.com","mailto:zhao@example.com"',
            "wang@example.com",
            (Doubt.SEVERAL_DELEGATES,),
        ),
        ('DELEGATED-TO="mailto:wang@example.com","MAILTO:Wang@example.com"', "wang@example.com", ()),
        ('DELEGATED-TO="Wang Fang"', None, ()),
        ("DELEGATED-TO=", None, ()),
    ],
)
def test_a_delegate_is_one_address(params: str, to: str | None, doubts: tuple[Doubt, ...]) -> None:
    item = only(reply(f"ATTENDEE;PARTSTAT=DELEGATED;{params}:mailto:li.ming@example.com"))
    assert (item.attendees[0].delegated_to, item.warnings) == (to, doubts)
    assert item.attendees[0].address == "li.ming@example.com"


def test_folds_are_undone_before_characters_are_read() -> None:
    data = reply("ATTENDEE;PARTSTAT=ACCEPTED;CN=张伟:mailto:li.ming@example.com", "COMMENT:那天我出差")
    at_octet = data.index("张".encode()) + 1
    folded = data[:at_octet] + b"\r\n " + data[at_octet:]
    assert read(folded) == read(data)
    every = b"".join(
        line if line[:5] in (b"BEGIN", b"END:V") else b"\n\t".join(line[i : i + 1] for i in range(len(line)))
        for line in data.replace(b"\r\n", b"\n").splitlines(keepends=True)
    )
    assert read(every.replace(b"\n\t\n", b"\n")) == read(data)


@pytest.mark.parametrize("ending", [b"\n", b"\r", b"\r\r\n", b"\r\n\r\n"])
def test_lines_may_end_in_any_way(ending: bytes) -> None:
    data = reply(LI_MING, "COMMENT:a")
    assert read(data.replace(b"\r\n", ending)) == read(data)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gbk", "gb18030"])
@pytest.mark.parametrize("label", ["", "utf-8", "gb2312", "iso-8859-1", "us-ascii", "no-such-charset", "idna"])
def test_chinese_is_read_whatever_the_label_says(codec: str, label: str) -> None:
    data = reply("ATTENDEE;PARTSTAT=ACCEPTED;CN=张伟:mailto:li.ming@example.com", "COMMENT:同意参加，谢谢")
    item = only(data.decode().encode(codec), charset=label)
    assert (item.attendees[0].name, item.comment) == ("张伟", "同意参加，谢谢")


@pytest.mark.parametrize(
    ("codec", "label", "name"),
    [
        ("big5", "big5", "張偉"),
        ("big5", "", "張偉：同意參加"),
        ("latin-1", "iso-8859-1", "José Müller"),
        ("latin-1", "", "José Ägg"),
    ],
)
def test_other_character_sets_are_read(codec: str, label: str, name: str) -> None:
    data = reply(f"ATTENDEE;PARTSTAT=ACCEPTED;CN={name}:mailto:li.ming@example.com").decode().encode(codec)
    assert only(data, charset=label).attendees[0].name == name


def test_octets_that_are_no_text_do_not_hide_the_answer() -> None:
    data = reply(LI_MING, "COMMENT:?").replace(b"?", bytes(range(1, 256)).replace(b"\n", b"").replace(b"\r", b""))
    assert only(data).attendees[0].address == "li.ming@example.com"


def test_the_object_names_its_method_and_the_mail_only_where_it_does_not() -> None:
    lines = event(LI_MING)
    assert only(calendar(*lines, method="reply")).method is Method.REPLY
    assert only(calendar(*lines, method=None), announced="reply").method is Method.REPLY
    assert only(calendar(*lines, method="REQUEST"), announced="REPLY").method is Method.REQUEST
    assert only(calendar(*lines, method=None)).method is None
    unknown = only(calendar(*lines, method="ACCEPT"))
    assert (unknown.method, unknown.warnings) == (None, (Doubt.UNKNOWN_METHOD,))
    assert only(calendar(*lines, "METHOD:COUNTER", method=None)).method is Method.COUNTER


def test_alarms_and_what_nobody_knows_are_left_out() -> None:
    alarm = ("BEGIN:VALARM", "ATTENDEE;PARTSTAT=DECLINED:mailto:x@example.com", "UID:x", "DURATION:PT1H", "END:VALARM")
    item = only(reply(*alarm, LI_MING, "BEGIN:X-BOX", "BEGIN:VEVENT", "UID:y", "END:VEVENT", "END:X-BOX"))
    assert (item.uid, [each.address for each in item.attendees]) == (UID, ["li.ming@example.com"])


def test_every_component_of_every_object_is_an_item() -> None:
    data = calendar(*event(uid="a"), "BEGIN:VTODO", "UID:b", "END:VTODO") + calendar(*event(uid="c"), method="CANCEL")
    found = [(item.uid, item.component, item.method) for item in read(b"noise\r\n" + data + b"-- \r\na list's footer")]
    assert found == [("a", "VEVENT", "REPLY"), ("b", "VTODO", "REPLY"), ("c", "VEVENT", "CANCEL")]


def test_properties_that_stand_twice_count_once() -> None:
    item = only(reply(LI_MING, "STATUS:CONFIRMED", "STATUS:TENTATIVE", "SEQUENCE:1", "SEQUENCE:2", "UID:another"))
    assert (item.uid, item.sequence, item.warnings) == (UID, 1, (Doubt.SEVERAL_UIDS,))


def test_blanks_around_a_uid_say_nothing() -> None:
    item = only(calendar(*event(LI_MING, uid=" a@b.example ")))
    assert (item.uid, item.raw_uid) == ("a@b.example", " a@b.example ")


def test_a_line_that_says_nothing_certain_is_left_out() -> None:
    item = only(reply(LI_MING, "ORGANIZER;mailto:office@example.com", "ATTENDEE;PARTSTAT", "ATTENDEE", ";:", "=?"))
    assert (item.organizer, len(item.attendees)) == (None, 1)


def test_an_organizer_without_a_value_is_not_no_organizer() -> None:
    assert only(reply("ORGANIZER:")).organizer == ""
    assert only(reply("ORGANIZER;CN=x:MAILTO:Meet+Ab@Example.org")).organizer == "meet+ab@example.org"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Flaw.NOT_A_CALENDAR),
        (b"\x00\xff" * 200, Flaw.NOT_A_CALENDAR),
        (b"BEGIN:VEVENT\nUID:a\nEND:VEVENT\n", Flaw.NOT_A_CALENDAR),
        (b"END:VCALENDAR\n", Flaw.NOT_A_CALENDAR),
        (calendar(), Flaw.EMPTY),
        (calendar(*BEIJING), Flaw.EMPTY),
        (reply(LI_MING)[:-20], Flaw.CUT_OFF),
        (reply(LI_MING)[:-40], Flaw.CUT_OFF),
        (reply("X:" + "a" * 262_144), Flaw.TOO_LARGE),
        (reply(*["ATTENDEE:a@example.com"] * 501), Flaw.TOO_MANY_ATTENDEES),
        (reply(*["ATTEN\r\n DEE:a@example.com"] * 501), Flaw.TOO_MANY_ATTENDEES),
        (reply(*["ATTENDEE:a"] * 501).decode().encode("utf-16"), Flaw.TOO_MANY_ATTENDEES),
        (calendar(*event() * 51), Flaw.TOO_MANY_COMPONENTS),
        (calendar(*["BEGIN:X"] * 501), Flaw.TOO_MANY_COMPONENTS),
        (b"BEGIN:VCALENDAR\n" * 501, Flaw.TOO_MANY_COMPONENTS),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(data: bytes, reason: Flaw) -> None:
    assert flaw(data) is reason


def test_the_limits_themselves_are_allowed() -> None:
    assert len(only(reply(*["ATTENDEE:a@example.com"] * 500)).attendees) == 500
    assert len(read(calendar(*event() * 50))) == 50


def test_a_forgotten_end_inside_an_event_does_not_lose_it() -> None:
    item = only(reply(LI_MING, "BEGIN:VALARM", "ACTION:DISPLAY"))
    assert [each.address for each in item.attendees] == ["li.ming@example.com"]
