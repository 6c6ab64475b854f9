"""A letter's facts made into subject, plain text, HTML and calendar part."""

from __future__ import annotations

from eventsys.core.language import use_language
from eventsys.core.letters import Facts, Rendered
from eventsys.invitations.letters import calendar, sentences
from eventsys.invitations.letters.words import context
from eventsys.web.pages import render_plain


def rendered(kind: str, common: Facts, facts: Facts, language: str) -> Rendered:
    """The letter in words. Nothing is looked up: everything stands in its facts."""
    with use_language(language):
        words = context(common, facts, language)
        shown = {
            **words,
            "subject": sentences.subject(kind, words),
            "lead": sentences.lead(kind, words),
            "answers": _answers(kind, words),
            "is_standing": kind not in {"cancellation", "withdrawal"},
        }
        text = render_plain("letters/letter.txt", **shown)
        html = render_plain("letters/letter.html", **shown)
        method = calendar.method_of(kind, facts)
        part = calendar.octets(kind, common, facts, words, _description(shown)) if method else None
    return Rendered(
        subject=shown["subject"],
        text=text,
        html=html,
        calendar=part,
        method=method,
        sender_name=words["office"],
        sender=calendar.sender_of(facts),
    )


def _answers(kind: str, words: Facts) -> list[tuple[str, str]]:
    """The three answers as label and address; all lead to the same page, which asks again before it acts."""
    if not sentences.asks(kind, words):
        return []
    return [(str(label), f"{words['page']}&answer={answer}") for answer, label in sentences.ANSWERS]


def _description(shown: Facts) -> str:
    """What a calendar shows below the title: the way back to the reply page, then the facts without time and place."""
    return render_plain("letters/calendar.txt", **shown).strip()
