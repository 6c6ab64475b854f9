"""HTML into the tree of `document`: what an editor, a word processor or another site puts on the clipboard.

nh3 reads it as a browser does and leaves only known elements; here these become blocks and runs. Quill 2 writes every
list as `<ol><li data-list="bullet" class="ql-indent-1">`; such lists become real ones.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

import nh3

from eventsys.core.text import CONTROLS, DIRECTIONS, HALVES
from eventsys.rendering.document import (
    Block,
    Cell,
    Heading,
    Listing,
    Paragraph,
    Picture,
    Quote,
    Run,
    Style,
    Table,
    shaped,
    tidy,
)

MARK_OF = {"strong": "strong", "b": "strong", "em": "em", "i": "em", "u": "u"}
LEVEL_OF = {"h1": 2, "h2": 2, "h3": 3, "h4": 3, "h5": 3, "h6": 3}
INDENTS = {f"ql-indent-{depth}": depth for depth in range(1, 9)}
WORD_LIST = re.compile(r"mso-list:\s*l\d+\s+level([1-9])", re.IGNORECASE)
WORD_MARK = re.compile(
    r"^(?:(?P<number>[(（]?(?:\d{1,3}|[a-zA-Z]|[一二三四五六七八九十]{1,3})[.)）、])|[^\w\s(（“‘《「]|[oØüv](?=\s))\s*"
)
LINK = re.compile(r"(?:https?://|mailto:)[^\s<>\"]{1,2000}", re.IGNORECASE)
PICTURES = "/notices/pictures/"
PICTURE = re.compile(re.escape(PICTURES) + r"(?P<name>[A-Za-z0-9_-]{16,40}\.(?:jpg|png))")
LONGEST_ALT = 300
PIXELS = range(1, 10_000)
TREE_DEPTH = 100
SPANS = range(2, 51)


def _word_level(tag: str, attribute: str, value: str) -> str | None:
    """Of a word processor's style only the level of a list is kept: `mso-list:l0 level2 lfo1` -> `2`."""
    if attribute != "style":
        return value
    found = WORD_LIST.search(value)
    return found[1] if found and tag == "p" else None


CLEANER = nh3.Cleaner(
    tags={
        *("p", "div", "section", "article", "blockquote", "br", "a", "ul", "ol", "li"),
        *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "figure", "figcaption", "img"),
        *MARK_OF,
        *LEVEL_OF,
    },
    attributes={
        "a": {"href"},
        "img": {"src", "alt", "width", "height"},
        "li": {"data-list"},
        "p": {"style"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan"},
    },
    allowed_classes={"li": set(INDENTS)},
    url_schemes={"http", "https", "mailto"},
    url_relative="pass_through",
    link_rel=None,
    attribute_filter=_word_level,
)


def read(html: str) -> tuple[Block, ...]:
    """The blocks that the HTML shows, shaped; () for HTML that shows nothing."""
    tree = _Tree()
    tree.feed(CLEANER.clean(HALVES.sub("\ufffd", html)))
    tree.close()
    return shaped(_blocks(tree.root))


@dataclass(slots=True)
class _Node:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["_Node | str"] = field(default_factory=list)


class _Tree(HTMLParser):
    """nh3's well-formed output as nodes; elements nested too deep are passed over, their text is kept."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = _Node("body")
        self._open = [self.root]
        self._passed_over = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = _Node(tag, {name: value or "" for name, value in attrs})
        if tag in ("br", "img"):
            self._open[-1].children.append(node)
        elif self._passed_over or len(self._open) > TREE_DEPTH:
            self._passed_over += 1
        else:
            self._open[-1].children.append(node)
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if self._passed_over:
            self._passed_over -= 1
        elif len(self._open) > 1:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data.replace("\n", " "))


def _blocks(node: _Node) -> tuple[Block, ...]:
    reader = _Reader()
    reader.walk(node, Style())
    reader.end_paragraph()
    return tuple(_grouped(reader.blocks))


def _grouped(blocks: Sequence["Block | _Entry"]) -> Iterator[Block]:
    """The blocks, neighbouring lines of a word processor's list as one list."""
    waiting: list[_Entry] = []
    for block in blocks:
        if isinstance(block, _Entry):
            waiting.append(block)
            continue
        yield from _listings(waiting)
        waiting = []
        yield block
    yield from _listings(waiting)


class _Reader:
    """Collects blocks; text that stands in none becomes a paragraph."""

    def __init__(self) -> None:
        self.blocks: list[Block | _Entry] = []
        self._runs: list[Run] = []

    def walk(self, node: _Node, style: Style) -> None:
        for child in node.children:
            if isinstance(child, str):
                self._runs.append(Run(child, style))
            elif child.tag == "br":
                self._runs.append(Run("\n", style))
            elif child.tag == "img":
                self._picture(child, ())
            elif child.tag in MARK_OF:
                self.walk(child, Style(style.marks | {MARK_OF[child.tag]}, style.href))
            elif child.tag == "a":
                self.walk(child, Style(style.marks, _address(child.attributes.get("href", ""))))
            else:
                self.end_paragraph()
                self._block(child, style)
                self.end_paragraph()

    def end_paragraph(self) -> None:
        runs = tidy(self._runs)
        self._runs.clear()
        if runs:
            self.blocks.append(Paragraph(runs))

    def _picture(self, image: _Node, caption: tuple[Run, ...]) -> None:
        """A picture of ours; one from elsewhere is left out, its caption stays as a paragraph."""
        self.end_paragraph()
        found = PICTURE.fullmatch(image.attributes.get("src", ""))
        if found:
            self.blocks.append(Picture(found["name"], _alt(image), caption, *_size(image)))
        elif caption:
            self.blocks.append(Paragraph(caption))

    def _figure(self, node: _Node, style: Style) -> None:
        """A figure of one picture; whatever else stands in one is read as if it stood alone."""
        images = list(_within(node, "img"))
        captions = list(_within(node, "figcaption"))
        if len(images) != 1 or len(captions) > 1 or next(_within(node, "table"), None):
            self.walk(node, style)
            return
        blocks = _blocks(captions[0]) if captions else ()
        self._picture(images[0], tidy(_in_one_line(blocks)))

    def _block(self, node: _Node, style: Style) -> None:
        if node.tag in LEVEL_OF:
            self.blocks.extend(_heading(block, LEVEL_OF[node.tag]) for block in _blocks(node))
        elif node.tag in ("ul", "ol"):
            self.blocks.extend(_listings(_entries(node)))
        elif node.tag == "blockquote":
            inside = _blocks(node)
            self.blocks.extend([Quote(inside)] if inside else [])
        elif node.tag == "table":
            self.blocks.extend(_tables(node))
        elif node.tag == "figure":
            self._figure(node, style)
        elif "style" in node.attributes:
            self.blocks.extend(_word_entry(node))
        else:
            self.walk(node, style)


def _within(node: _Node, tag: str) -> Iterator[_Node]:
    """The elements of this name, in the order of reading."""
    for child in node.children:
        if isinstance(child, _Node):
            if child.tag == tag:
                yield child
            yield from _within(child, tag)


def _in_one_line(blocks: Iterable[Block]) -> Iterator[Run]:
    """The runs of the paragraphs, parted by a space."""
    for number, block in enumerate(block for block in blocks if isinstance(block, Paragraph | Heading)):
        yield from ([Run(" ")] if number else [])
        yield from (Run(run.text.replace("\n", " "), run.style) for run in block.runs)


def _alt(image: _Node) -> str:
    return "".join(run.text for run in tidy([Run(image.attributes.get("alt", "").replace("\n", " "))]))[:LONGEST_ALT]


def _size(image: _Node) -> tuple[int, int]:
    """Width and height in pixels, (0, 0) unless both are known."""
    values = [image.attributes.get(name, "") for name in ("width", "height")]
    known = [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 6]
    return (known[0], known[1]) if len(known) == 2 and all(each in PIXELS for each in known) else (0, 0)


def _address(href: str) -> str:
    """The address of a link, "" for one that leads nowhere or hides something."""
    address = href.strip().replace(" ", "%20")
    hidden = CONTROLS.search(address) or DIRECTIONS.search(address)
    return address if LINK.fullmatch(address) and not hidden else ""


def _heading(block: Block, level: int) -> Block:
    return Heading(level, block.runs) if isinstance(block, Paragraph) else block


@dataclass(frozen=True, slots=True)
class _Entry:
    """One line of a list: bullet or number, how far in, and what it says."""

    ordered: bool
    indent: int
    blocks: tuple[Block, ...]


def _word_entry(node: _Node) -> list[_Entry]:
    """A paragraph that a word processor shows as a line of a list, without the bullet or number typed before it."""
    blocks = _blocks(_Node("div", children=node.children))
    if not blocks or not isinstance(blocks[0], Paragraph):
        return [_Entry(False, 0, blocks)] if blocks else []
    mark = WORD_MARK.match("".join(run.text for run in blocks[0].runs))
    runs = _without(blocks[0].runs, mark.end() if mark else 0)
    inside = ((Paragraph(runs),) if runs else ()) + blocks[1:]
    return [_Entry(bool(mark and mark["number"]), int(node.attributes["style"]) - 1, inside)] if inside else []


def _without(runs: tuple[Run, ...], length: int) -> tuple[Run, ...]:
    """The runs without their first characters."""
    kept = []
    for run in runs:
        kept.append(Run(run.text[length:], run.style))
        length = max(0, length - len(run.text))
    return tidy(kept)


def _entries(node: _Node) -> list[_Entry]:
    entries: list[_Entry] = []
    for child in node.children:
        if isinstance(child, _Node) and child.tag == "li":
            kind = child.attributes.get("data-list")
            ordered = kind == "ordered" if kind else node.tag == "ol"
            entries.append(_Entry(ordered, INDENTS.get(child.attributes.get("class", ""), 0), _blocks(child)))
            continue
        stray = _blocks(_Node("li", children=[child]))
        if stray:
            before = entries.pop() if entries else _Entry(node.tag == "ol", 0, ())
            entries.append(_Entry(before.ordered, before.indent, before.blocks + stray))
    return entries


def _listings(entries: Sequence[_Entry]) -> list[Listing]:
    """Lists of the entries, deeper ones inside the item before them; a change of kind begins a new list."""
    listings: list[Listing] = []
    at = 0
    while at < len(entries):
        head, end = entries[at], at + 1
        while end < len(entries) and entries[end].indent > head.indent:
            end += 1
        item = (*head.blocks, *_listings(entries[at + 1 : end]))
        if item and listings and listings[-1].ordered == head.ordered:
            listings[-1] = Listing(head.ordered, (*listings[-1].items, item))
        elif item:
            listings.append(Listing(head.ordered, (item,)))
        at = end
    return listings


def _tables(node: _Node) -> list[Table]:
    """The table, if it says anything."""
    caption: tuple[Run, ...] = ()
    parts: dict[str, list[tuple[Cell, ...]]] = {"thead": [], "tbody": [], "tfoot": []}
    for child in node.children:
        if isinstance(child, _Node) and child.tag == "caption":
            caption = tidy(run for block in _blocks(child) if isinstance(block, Paragraph) for run in block.runs)
        elif isinstance(child, _Node) and child.tag in parts:
            parts[child.tag].extend(_rows(child))
        elif isinstance(child, _Node) and child.tag == "tr":
            parts["tbody"].extend(_rows(_Node("tbody", children=[child])))
    rows = (*parts["thead"], *parts["tbody"], *parts["tfoot"])
    if not any(cell.blocks for row in rows for cell in row):
        return []
    return [Table(caption, rows, len(parts["thead"]))]


def _rows(section: _Node) -> list[tuple[Cell, ...]]:
    rows = [
        tuple(_cell(cell) for cell in row.children if isinstance(cell, _Node) and cell.tag in ("th", "td"))
        for row in section.children
        if isinstance(row, _Node) and row.tag == "tr"
    ]
    return [row for row in rows if row]


def _cell(node: _Node) -> Cell:
    span = {name: node.attributes.get(name, "") for name in ("colspan", "rowspan")}
    columns, rows = (int(value) if value.isdecimal() and int(value) in SPANS else 1 for value in span.values())
    return Cell(_blocks(node), node.tag == "th", columns, rows)
