"""Why was this not understood? What a file with a message says, as one line of JSON; nothing is touched."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

from eventsys.calendar.read import Answerer, Doubt, Item
from eventsys.mail.parts import LARGEST
from eventsys.mail.received import Reason, Received, Verdict, bare_object, understand

_SUFFIX = ".ics"
_SENTENCES = {
    Reason.ANSWER: "an answer: applied when the UID or the +token address is ours and the attendee is invited",
    Reason.PROPOSAL: "another time is proposed: the organizer accepts or refuses, the answer stays as it is",
    Reason.BOUNCED: "a letter could not be delivered",
    Reason.NO_ANSWER: "a calendar message that is no answer",
    Reason.NO_CALENDAR: "a letter without a calendar object",
    Reason.AUTOMATIC: "written by a machine, without a calendar object",
    Reason.DELAYED: "a letter is delayed; the other server still tries",
    Reason.REPORT: "a report that is no failure",
    Reason.FORWARDED: "a forwarded message: what stands inside it is not looked at",
    Reason.OTHER_COMPONENT: "about a task, a journal or free time, not about an event",
    Reason.NO_ATTENDEE: "a REPLY without an ATTENDEE",
    Reason.NO_PARTSTAT: "a REPLY whose ATTENDEE has no PARTSTAT",
    Reason.NO_UID: "without a UID",
    Reason.NO_START: "a COUNTER without DTSTART",
    Reason.ONE_OCCURRENCE: "an answer to one occurrence of a series; no meeting of ours is a series",
    Reason.TNEF: "Outlook's own format (winmail.dat) without a calendar object",
    Reason.ENCRYPTED: "encrypted, or signed in a way that hides the text",
    Reason.NOT_A_CALENDAR: "the calendar part holds no calendar object",
    Reason.CUT_OFF: "the calendar object is cut off",
    Reason.EMPTY: "the calendar object holds no event",
    Reason.CALENDAR_TOO_LARGE: "the calendar part is larger than 256 KiB",
    Reason.TOO_MANY_COMPONENTS: "more than 50 components",
    Reason.TOO_MANY_ATTENDEES: "more than 500 attendees",
    Reason.TOO_LARGE: "larger than 2 MiB",
    Reason.TOO_MANY_LINES: "more than 100,000 lines",
    Reason.TOO_DEEP: "parts within parts, more than 16 deep",
    Reason.TOO_MANY_PARTS: "more than 256 parts",
    Reason.NOT_A_MESSAGE: "no message: it has no headers",
    Reason.NOT_INVITED: "an answer of somebody who was not invited",
    Reason.NOT_FOUND: "the file cannot be read",
    Reason.FAILED: "an error of the program; the log says more",
}
_DOUBTS = {
    Doubt.UNKNOWN_METHOD: "its METHOD is not known",
    Doubt.UNKNOWN_PARTSTAT: "a PARTSTAT is not known and counts as NEEDS-ACTION",
    Doubt.SEQUENCE_BOUNDED: "SEQUENCE was above 2147483647",
    Doubt.SEQUENCE_UNREADABLE: "SEQUENCE is no number and counts as missing",
    Doubt.SEVERAL_DELEGATES: "several substitutes are named, the first counts",
    Doubt.SEVERAL_UIDS: "several UIDs, the first counts",
    Doubt.OTHER_PART_DISAGREES: "another part of the mail says something else; the announced one counts",
}


def line(path: str, invited: Collection[str] = ()) -> str:
    """One JSON object for one file; a path that cannot be read is rejected like any other.

    With `invited`, plain addresses, an answer of anybody else is rejected, as it would be for a meeting of theirs.
    """
    return json.dumps({"file": path, **_told(_understood(Path(path)), invited)}, ensure_ascii=False)


def _understood(path: Path) -> Received:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError):
        return Received(verdict=Verdict.REJECT, reason=Reason.NOT_FOUND)
    return bare_object(data) if path.suffix.lower() == _SUFFIX else understand(data)


def _told(received: Received, invited: Collection[str]) -> dict[str, Any]:
    verdict, reason = received.verdict, received.reason
    if invited and verdict is Verdict.APPLY and not _is_of_invitee(received, {each.lower() for each in invited}):
        verdict, reason = Verdict.REJECT, Reason.NOT_INVITED
    return {
        "verdict": verdict.value,
        "items": [_item(item) for item in received.items],
        "reason": "; ".join([_SENTENCES[reason], *_doubts(received), *_failures(received)]),
    }


def _is_of_invitee(received: Received, invited: set[str]) -> bool:
    answers = [each for item in received.items for each in item.attendees if each.partstat]
    return any({each.address, each.delegated_from} & invited for each in answers)


def _doubts(received: Received) -> list[str]:
    return [_DOUBTS[doubt] for doubt in dict.fromkeys(doubt for item in received.items for doubt in item.warnings)]


def _failures(received: Received) -> list[str]:
    return [" ".join(filter(None, (each.recipient, each.status, each.reason))) for each in received.bounces]


def _item(item: Item) -> dict[str, Any]:
    notes = [each.comment for each in item.attendees if each.comment]
    return {
        "method": item.method.value if item.method else None,
        "comp": item.component,
        "uid": item.raw_uid,
        "sequence": item.sequence,
        "dtstamp": item.raw_stamp,
        "recurrence_id": item.recurrence_id,
        "organizer": item.organizer,
        "comment": item.comment if item.comment is not None else next(iter(notes), None),
        "attendees": [_attendee(each) for each in item.attendees],
    }


def _attendee(answerer: Answerer) -> dict[str, Any]:
    """Delegates as they were written; left out where nobody is named."""
    shown = {"a": answerer.address or answerer.raw, "partstat": answerer.partstat.value if answerer.partstat else None}
    delegates = {"delegated_to": answerer.raw_delegated_to, "delegated_from": answerer.raw_delegated_from}
    return shown | {name: value for name, value in delegates.items() if value}
