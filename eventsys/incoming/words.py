"""Incoming mail in words: what a message says, what became of it and why, and how certain it is whose it is."""

from __future__ import annotations

from collections.abc import Mapping

from eventsys.core.language import LazyText
from eventsys.core.language import lazy_gettext as _l
from eventsys.incoming.models import Door, EntryState, Said, Trust
from eventsys.incoming.reasons import Why
from eventsys.invitations.models import Reply
from eventsys.mail.received import Reason

SAID: Mapping[Said, LazyText] = {
    Said.ANSWER: _l("Answer"),
    Said.PROPOSAL: _l("Another time proposed"),
    Said.REFRESH: _l("Asks for the notice again"),
    Said.BOUNCE: _l("Letter returned"),
    Said.WORDS: _l("Letter in words"),
    Said.UNREADABLE: _l("Could not be read"),
    Said.OTHER: _l("Other mail"),
}
STATES: Mapping[EntryState, tuple[LazyText, str]] = {
    EntryState.WAITING: (_l("To be decided"), "vermilion"),
    EntryState.APPLIED: (_l("Taken in"), "tint"),
    EntryState.REFUSED: (_l("Proposal refused"), "grey"),
    EntryState.UNDONE: (_l("Undone"), "grey"),
    EntryState.SETTLED: (_l("Settled"), "grey"),
    EntryState.KEPT: (_l("On record only"), "outline"),
}
TRUST: Mapping[Trust, LazyText] = {
    Trust.SIGNED: _l("By mail, signed"),
    Trust.UNSIGNED: _l("By mail, unsigned"),
    Trust.UNSURE: _l("By mail, unsure"),
    Trust.UNVERIFIED: _l("By mail, unverified"),
}
TRUST_TONES: Mapping[Trust, str] = {
    Trust.SIGNED: "tint",
    Trust.UNSIGNED: "outline",
    Trust.UNSURE: "ochre",
    Trust.UNVERIFIED: "dashed",
}
TRUST_SENTENCES: Mapping[Trust, LazyText] = {
    Trust.SIGNED: _l("It was sent to the address that only this invitee was given."),
    Trust.UNSIGNED: _l("It was not sent to the invitee's own address, but the sender's mail server vouches for it."),
    Trust.UNSURE: _l("It was sent to the address that only this invitee was given, but another address answers."),
    Trust.UNVERIFIED: _l("It was not sent to the invitee's own address, and nothing vouches for the sender."),
}
REPLIES: Mapping[Reply, LazyText] = {
    Reply.ACCEPTED: _l("attends"),
    Reply.TENTATIVE: _l("not sure yet"),
    Reply.DECLINED: _l("does not attend"),
    Reply.DELEGATED: _l("somebody else attends instead"),
}
DOORS: Mapping[Door, LazyText] = {Door.MAILBOX: _l("Mailbox"), Door.PIPE: _l("Mail server's pipe")}
REASONS: Mapping[str, LazyText] = {
    Why.OLD_TIME.value: _l("It answers the old time of the meeting."),
    Why.OLDER.value: _l("It is older than what came by mail before."),
    Why.OLDER_THAN_PAGE.value: _l("It was written before the answer that stands now. Look at which one is right."),
    Why.REPEATED.value: _l("It says what is on record already."),
    Why.DEADLINE.value: _l("It came after replies closed."),
    Why.OVER.value: _l("The meeting is over."),
    Why.CANCELLED.value: _l("The meeting has been cancelled."),
    Why.NO_LONGER_ASKED.value: _l("Whoever answers is no longer asked."),
    Why.UNVERIFIED.value: _l("Unverified: nothing vouches for whose mail it is."),
    Why.UNINVITED.value: _l("Whoever answers was not invited."),
    Why.AMBIGUOUS.value: _l("It is not certain whom it is about."),
    Why.UNKNOWN_MEETING.value: _l("It names no meeting of this office."),
    Why.CONTRADICTS.value: _l("The mail contradicts itself."),
    Why.NO_CHOICE.value: _l("It names no answer that can be understood."),
    Why.NO_DELEGATE.value: _l("It does not say who attends instead."),
    Why.SECOND_HAND.value: _l("A place is handed on once by mail; this would be the second time."),
    Why.HAS_PLACE.value: _l("Whoever is named has a place at the meeting already."),
    Why.WILL_NOT_STAND_IN.value: _l("Somebody to whom the notice was passed on does not attend."),
    Why.REFUSED.value: _l("It could not be entered."),
    Why.TOO_SOON.value: _l("Nothing was sent: a letter is on its way, was sent again within the hour, or is not due."),
    Why.NO_LETTER.value: _l("It is about no letter of ours."),
    Why.SAME_FACTS.value: _l("It proposes the time as it stands."),
    Why.REPLACED.value: _l("A newer proposal took its place."),
    Why.TOO_MUCH.value: _l("It says too many things at once."),
    Why.FAULT.value: _l("A fault of this software: the message is kept, nothing was done."),
    Reason.NO_ANSWER.value: _l("It is no answer; nothing is taken from it."),
    Reason.NO_CALENDAR.value: _l("A letter that a person wrote. Read it and enter what it says."),
    Reason.AUTOMATIC.value: _l("No person wrote it: an automatic reply, or mail to a list."),
    Reason.DELAYED.value: _l("A mail server says that a letter is delayed; it still tries."),
    Reason.REPORT.value: _l("A report of a mail server that tells of no failure."),
    Reason.FORWARDED.value: _l("A forwarded message. Read it and enter what it says."),
    Reason.OTHER_COMPONENT.value: _l("It is about no meeting: a task, a journal, or free times."),
    Reason.ONE_OCCURRENCE.value: _l("It answers one occurrence of a series that this office did not announce."),
    Reason.NO_ATTENDEE.value: _l("It does not say who answers."),
    Reason.NO_PARTSTAT.value: _l("It does not say what is answered."),
    Reason.NO_UID.value: _l("It does not say which meeting it answers."),
    Reason.NO_START.value: _l("It proposes another time without naming one."),
    Reason.TNEF.value: _l("The answer can be read by Outlook alone. Ask again, with the personal link."),
    Reason.ENCRYPTED.value: _l("The mail is encrypted. Ask again, with the personal link."),
    Reason.NOT_A_CALENDAR.value: _l("What should be the answer is no calendar object."),
    Reason.CUT_OFF.value: _l("The answer is cut off."),
    Reason.EMPTY.value: _l("The answer holds nothing."),
    Reason.CALENDAR_TOO_LARGE.value: _l("The answer is too large to be read."),
    Reason.TOO_MANY_COMPONENTS.value: _l("The answer holds too many things."),
    Reason.TOO_MANY_ATTENDEES.value: _l("The answer names too many people."),
    Reason.TOO_LARGE.value: _l("The mail is too large."),
    Reason.TOO_MANY_LINES.value: _l("The mail has too many lines."),
    Reason.TOO_DEEP.value: _l("The mail is nested too deeply."),
    Reason.TOO_MANY_PARTS.value: _l("The mail has too many parts."),
    Reason.NOT_A_MESSAGE.value: _l("It is not a mail."),
    Reason.FAILED.value: _l("This software could not read it."),
}


def answer_words(reply: Reply | None) -> str:
    """What was answered; "" where nothing was."""
    return str(REPLIES[reply]) if reply is not None and reply in REPLIES else ""


def reason_words(reason: str) -> str:
    """Why an entry stands as it does; "" where nothing needs to be said."""
    return str(REASONS[reason]) if reason in REASONS else ""
