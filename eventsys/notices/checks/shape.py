"""Shape: headings that jump or have nothing below them, pictures without a description, languages left unfinished."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from eventsys.core.language import gettext as _
from eventsys.notices.checks.finding import Finding, Kind, Looked
from eventsys.rendering.document import Block, Heading, Listing, Picture, Quote, Table
from eventsys.rendering.replacing import text_of

SHORT = 4


def headings(looked: Looked) -> Iterator[Finding]:
    """A smaller heading without a larger one above it, and a heading that nothing follows."""
    for language, blocks in looked.trees.items():
        level = 1
        for number, block in enumerate(blocks):
            if not isinstance(block, Heading):
                continue
            words, following = text_of(block.runs), blocks[number + 1 : number + 2]
            if block.level > level + 1:
                message = _("The heading “%(words)s” skips a level.", words=words)
                yield Finding(Kind.HEADING, f"body_{language}", words, message)
            if not following or (isinstance(following[0], Heading) and following[0].level <= block.level):
                message = _("Nothing stands below the heading “%(words)s”.", words=words)
                yield Finding(Kind.HEADING, f"body_{language}", words, message)
            level = block.level


def pictures(looked: Looked) -> Iterator[Finding]:
    """A picture without a description says nothing to those who do not see it."""
    for language, blocks in looked.trees.items():
        for number, picture in enumerate(_pictures(blocks), 1):
            if not picture.alt:
                message = _("Picture %(number)s has no description for those who do not see it.", number=number)
                yield Finding(Kind.PICTURE, f"body_{language}", picture.name, message, blocks=True)


def unfinished(looked: Looked) -> Iterator[Finding]:
    """A language is whole or not there: a title without a text, or one text that is a fraction of the other."""
    sizes = {}
    for language in ("zh", "en"):
        title, body = (getattr(looked.row, f"{name}_{language}") for name in ("title", "body"))
        sizes[language] = sum(len(passage.text) for passage in looked.of(language, "body"))
        if title and not body:
            words = {"zh": _("The Chinese title has no text."), "en": _("The English title has no text.")}
            yield Finding(Kind.UNFINISHED, f"body_{language}", "", words[language], blocks=True)
        if body and not title:
            words = {"zh": _("The Chinese text has no title."), "en": _("The English text has no title.")}
            yield Finding(Kind.UNFINISHED, f"title_{language}", "", words[language], blocks=True)
    if sizes["zh"] and sizes["en"]:
        # A Chinese text is about a third as long as its English one.
        if sizes["en"] * SHORT < sizes["zh"] * 3:
            message = _("The English text is much shorter than the Chinese one. Is it finished?")
            yield Finding(Kind.UNFINISHED, "body_en", "", message)
        elif sizes["zh"] * 3 * SHORT < sizes["en"]:
            message = _("The Chinese text is much shorter than the English one. Is it finished?")
            yield Finding(Kind.UNFINISHED, "body_zh", "", message)


def _pictures(blocks: Sequence[Block]) -> Iterator[Picture]:
    for block in blocks:
        if isinstance(block, Picture):
            yield block
        elif isinstance(block, Quote):
            yield from _pictures(block.blocks)
        elif isinstance(block, Listing):
            yield from (each for item in block.items for each in _pictures(item))
        elif isinstance(block, Table):
            yield from (each for row in block.rows for cell in row for each in _pictures(cell.blocks))
