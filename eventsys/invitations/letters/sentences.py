"""What each kind of letter says around the meeting's facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eventsys.core.language import gettext as _
from eventsys.core.language import lazy_gettext as _l

Words = Mapping[str, Any]

SUBJECTS = {
    "invitation": _l("Notice of meeting: %(title)s (%(when)s)"),
    "update": _l("Change of meeting: %(title)s (%(when)s)"),
    "postponement": _l("Meeting postponed: %(title)s (now %(when)s)"),
    "cancellation": _l("Meeting cancelled: %(title)s (%(when)s)"),
    "postponed": _l("Meeting postponed, date to follow: %(title)s (%(when)s)"),
    "withdrawal": _l("You need not attend: %(title)s (%(when)s)"),
    "reminder": _l("Please answer: %(title)s (%(when)s)"),
    "granted": _l("Leave granted: %(title)s (%(when)s)"),
    "refused": _l("Leave not granted: %(title)s (%(when)s)"),
    "granted_to": _l("Leave granted to %(who)s: %(title)s (%(when)s)"),
    "refused_to": _l("Leave not granted to %(who)s: %(title)s (%(when)s)"),
    "on_behalf": _l("Recorded on your behalf: %(title)s (%(when)s)"),
    "resend": _l("Notice of meeting, sent again: %(title)s (%(when)s)"),
    "delegation": _l("Substitute entered: %(title)s (%(when)s)"),
    "return": _l("You are asked yourself again: %(title)s (%(when)s)"),
    "decline_counter": _l("Another time is not possible: %(title)s (%(when)s)"),
    "receipt": _l("Answer received: %(title)s (%(when)s)"),
    "extension": _l("More time to answer: %(title)s (%(when)s)"),
}
ASKED_AS = {
    "chair": _l("A meeting is convened as follows. You are asked to chair it."),
    "required": _l("A meeting is convened as follows. You are asked to attend."),
    "optional": _l("A meeting is convened as follows. You are welcome to attend."),
    "observer": _l("A meeting is convened as follows. You are invited to observe it."),
}
REMINDED_AS = {
    "chair": _l("You are asked to chair it."),
    "required": _l("You are asked to attend."),
}
STANDING = {
    "accepted": _l("Your answer stands: you attend. You can change it by the link below."),
    "tentative": _l("Your answer stands: not sure yet. You can change it by the link below."),
    "declined": _l("Your answer stands: you do not attend. You can change it by the link below."),
    "delegated": _l("Your substitute stands and receives this notice too."),
}
ON_LEAVE = {
    "granted": _l("Your leave stands: you need not attend. You can change your answer by the link below."),
    "requested": _l("Your request for leave stands. You can change your answer by the link below."),
}
ANSWERS = (
    ("accepted", _l("I will attend")),
    ("substitute", _l("A substitute will attend")),
    ("leave", _l("I ask for leave")),
)
RECORDED = {
    "accepted": _l("%(who)s: attends"),
    "tentative": _l("%(who)s: not sure yet"),
    "declined": _l("%(who)s: does not attend"),
    "leave": _l("%(who)s: asks for leave"),
    "substitute": _l("%(who)s: attends as a substitute"),
    "named": _l("%(who)s: is named"),
}
HEARD = {
    "phone": _l("by telephone"),
    "paper": _l("on paper"),
    "fax": _l("by fax"),
    "message": _l("by text message"),
    "mail": _l("by e-mail"),
    "in_person": _l("in person"),
}
RECEIVED = {
    "accepted": _l("you attend"),
    "tentative": _l("not sure yet"),
    "declined": _l("you do not attend"),
    "delegated": _l("a substitute attends"),
}
ASKING = {"invitation", "update", "reminder", "resend", "return", "decline_counter"}


def variant(kind: str, words: Words) -> str:
    """Which of its wordings a letter of this kind has."""
    if kind == "cancellation" and words["postponed"]:
        return "postponed"
    if kind == "update" and words["reason"]:
        return "postponement"
    if kind == "leave_decision":
        return "granted" if words["granted"] else "refused"
    if kind == "leave_notice":
        return "granted_to" if words["granted"] else "refused_to"
    return kind


def subject(kind: str, words: Words) -> str:
    """The subject: what it is, the title and the date."""
    return str(SUBJECTS[variant(kind, words)]) % {
        "title": words["title"],
        "when": words["when_short"],
        "who": words["who"],
    }


def asks(kind: str, words: Words) -> bool:
    """Whether the letter asks its reader for an answer."""
    return kind in ASKING and bool(words["page"]) and words["reply"] != "delegated"


def lead(kind: str, words: Words) -> list[str]:
    """The paragraphs before the facts."""
    return [str(text) for text in LEADS[kind](words) if text]


def _invitation(words: Words) -> list[object]:
    if words["posts"]:
        return [
            _("A meeting is convened as follows. Your organization is asked to take part."),
            *_to_be_named(words),
        ]
    return [
        ASKED_AS.get(words["role"], ASKED_AS["required"]),
        _("You attend as the substitute of %(name)s.", name=words["stands_in_for"]) if words["stands_in_for"] else "",
    ]


def _to_be_named(words: Words) -> list[object]:
    return [
        _("Nobody is named yet for: %(posts)s.", posts=_("; ").join(words["posts"])),
        _("Who is wanted: %(note)s", note=words["wanted"]) if words["wanted"] else "",
        _("Please answer by %(when)s.", when=words["reply_by"]) if words["reply_by"] else "",
        _("Please answer on your organization's page, or tell the contact below: %(url)s", url=words["portal"])
        if words["answer_page"]
        else _(
            "Please sign in and name who attends, or a substitute, or tell the contact below: %(url)s",
            url=words["portal"],
        ),
    ]


def _update(words: Words) -> list[object]:
    if words["reason"]:
        opening: list[object] = [
            _("The meeting below is postponed. Please go by the new time."),
            _("Reason: %(reason)s", reason=words["reason"]),
        ]
    elif words["is_changed"]:
        opening = [_("Something about the meeting below has changed. Please go by this letter.")]
    else:
        opening = [_("The notice of the meeting below was revised. Time and place are as before.")]
    return opening + (_to_be_named(words) if words["posts"] else [_answer_after_change(words)])


def _answer_after_change(words: Words) -> object:
    if words["reset"]:
        return _("Because the time has changed, your earlier answer no longer counts. Please answer again.")
    return _standing(words)


def _standing(words: Words) -> object:
    """The answer that stands, "" where there is none; leave says more than the decline it stands beside."""
    return ON_LEAVE.get(words["leave"]) or STANDING.get(words["reply"], "")


def _cancellation(words: Words) -> list[object]:
    return [
        _("The meeting below is postponed. The new date will be announced.")
        if words["postponed"]
        else _("The meeting below is cancelled."),
        _("Reason: %(reason)s", reason=words["reason"]) if words["reason"] else "",
    ]


def _resend(words: Words) -> list[object]:
    opening = _("This is the notice of the meeting once more, as it stands now. Please go by this letter.")
    return [opening, _standing(words) or ASKED_AS.get(words["role"], ASKED_AS["required"])]


def _delegation(words: Words) -> list[object]:
    return [
        _("%(name)s is entered to attend the meeting below in your place.", name=words["substitute"])
        if words["substitute"]
        else _("Somebody else is entered to attend the meeting below in your place."),
        _("This copy is for your records. If it is not as you wish, please tell the contact below."),
    ]


def _return(words: Words) -> list[object]:
    return [
        _("%(name)s no longer attends in your place. You are asked to attend yourself.", name=words["former"])
        if words["former"]
        else _("Nobody attends in your place any more. You are asked to attend yourself."),
        _standing(words) or _("Please answer again."),
    ]


def _decline_counter(words: Words) -> list[object]:
    return [
        _("The other time that you proposed is not possible. The meeting stays as follows, with our apologies."),
        words["note"],
        _standing(words),
    ]


def _receipt(words: Words) -> list[object]:
    answer = _("you ask for leave") if words["leave"] != "none" else RECEIVED.get(words["reply"], "")
    return [
        _(
            "We have received an answer by mail from %(address)s: %(answer)s.",
            address=words["from_address"],
            answer=answer,
        ),
        _("Your words: %(words)s", words=words["note"]) if words["note"] else "",
        _("Was it not you? Please tell the contact below, or correct the answer on your page."),
    ]


def _withdrawal(words: Words) -> list[object]:
    if words["posts"]:
        return [
            _("Your organization need no longer name anybody for: %(posts)s.", posts=_("; ").join(words["posts"])),
            _("The notice sent earlier no longer counts."),
        ]
    return [
        _("The arrangements for the meeting below have changed, and you need not attend."),
        _("The notice sent to you earlier no longer counts. We apologize for the trouble."),
    ]


def _reminder(words: Words) -> list[object]:
    if words["posts"]:
        return [
            _("We do not know yet who attends the meeting below for your organization."),
            _("Nobody is named yet for: %(posts)s.", posts=_("; ").join(words["posts"])),
            _("Who is wanted: %(note)s", note=words["wanted"]) if words["wanted"] else "",
            _("Please answer by %(when)s.", when=words["reply_by"]) if words["reply_by"] else "",
            _("Name who attends, or a substitute, here, or tell the contact below: %(url)s", url=words["portal"]),
        ]
    return [
        _("We have not had your answer about the meeting below yet. Please answer by one of the links."),
        REMINDED_AS.get(words["role"], ""),
        _("You attend as the substitute of %(name)s.", name=words["stands_in_for"]) if words["stands_in_for"] else "",
    ]


def _extension(words: Words) -> list[object]:
    return [
        _("Your organization has more time to answer for the meeting below: until %(when)s.", when=words["reply_by"]),
        _("The answers given so far stand. To answer or to name somebody: %(url)s", url=words["portal"])
        if words["answer_page"]
        else _("The answers given so far stand. To answer or to name somebody, sign in: %(url)s", url=words["portal"]),
    ]


def _leave_decision(words: Words) -> list[object]:
    if words["granted"]:
        return [_("Your leave from the meeting below is granted."), words["note"]]
    return [
        _("Your leave from the meeting below is not granted. Please attend, or name a substitute by the link below."),
        words["note"],
    ]


def _on_behalf(words: Words) -> list[object]:
    heard = str(HEARD.get(words["source"], ""))
    opening = (
        _("%(by)s of the convening office has recorded what %(caller)s told us %(heard)s:")
        if words["caller"]
        else _("%(by)s of the convening office has recorded what reached us %(heard)s:")
    )
    return [
        opening % {"by": words["recorded_by"], "caller": words["caller"], "heard": heard},
        *(_recorded_line(*line) for line in words["recorded"]),
        _("If something is not right, please tell the contact below."),
    ]


def _recorded_line(who: str, reply: str, note: str) -> str:
    said = str(RECORDED[reply]) % {"who": who}
    return _("%(said)s (“%(note)s”)", said=said, note=note) if note else said


def _leave_notice(words: Words) -> list[object]:
    if not words["granted"]:
        return [
            _("The leave that %(who)s asked for from the meeting below is not granted.", who=words["who"]),
            words["note"],
            _("They are asked to attend, or your organization names a substitute: %(url)s", url=words["portal"]),
        ]
    return [
        _("The leave that %(who)s asked for from the meeting below is granted.", who=words["who"]),
        words["note"],
        _("Please name who attends instead: %(url)s", url=words["portal"]) if words["is_open_place"] else "",
    ]


LEADS = {
    "invitation": _invitation,
    "update": _update,
    "cancellation": _cancellation,
    "withdrawal": _withdrawal,
    "reminder": _reminder,
    "leave_decision": _leave_decision,
    "leave_notice": _leave_notice,
    "on_behalf": _on_behalf,
    "resend": _resend,
    "delegation": _delegation,
    "return": _return,
    "decline_counter": _decline_counter,
    "receipt": _receipt,
    "extension": _extension,
}
