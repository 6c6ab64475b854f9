"""The Chinese texts, one `zh/<room>.po` for each room, and what keeps them in step with code and templates.

`python -m eventsys.translations [ROOM]` rewrites fragments: it keeps translations, adds what is missing with an empty
text and drops what nobody uses. A text of several rooms stands in the fragment of the first of them in `ROOMS`.
The application itself reads the fragments through `eventsys.core.language` and imports nothing from here.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).parent.parent
TEMPLATES = PACKAGE.parent / "templates"
FRAGMENTS = Path(__file__).parent / "zh"

ROOMS = (
    *("core", "web", "directory", "accounts", "exchange", "meetings", "agenda", "invitations", "quotas", "answers"),
    *(
        "chasing",
        "feeds",
        "attendance",
        "notices",
        "delivery",
        "incoming",
        "succession",
        "statistics",
        "overview",
        "letters",
    ),
)
CORE_ROOMS = ("core", "calendar", "mail", "rendering")
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
JINJA = "jinja2.ext:babel_extract"
JINJA_OPTIONS = {
    "silent": "false",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "extensions": "jinja2.ext.do,jinja2.ext.loopcontrols",
}
TEMPLATE_ENDINGS = {".html", ".txt", ".xml", ".svg", ".jinja", ".j2"}

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
LETTER = re.compile("[A-Za-z]")
SAME_IN_BOTH = frozenset({"English", "CSV", "XLSX", "PDF", "Atom", "iCalendar", "UTC"})
HEADER = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Language: zh_Hans_CN\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""

MsgId = str | tuple[str, str]


class Unreadable(Exception):
    """A source file whose texts cannot be found, because it does not parse."""


def sources(room: str) -> list[Path]:
    """The Python files and templates whose texts belong to the room."""
    code = {"core": [PACKAGE / name for name in CORE_ROOMS], "letters": []}.get(room, [PACKAGE / room])
    files = [path for folder in code for path in sorted(folder.rglob("*.py"))]
    if room == "core":
        files += sorted(PACKAGE.glob("*.py"))
    return files + [path for path in _templates() if _room_of_template(path) == room]


def _templates() -> list[Path]:
    return sorted(path for path in TEMPLATES.rglob("*") if path.suffix in TEMPLATE_ENDINGS)


def _room_of_template(path: Path) -> str:
    """The room of its folder; what belongs to no room (components, layouts, error pages) is the web's."""
    folder = path.relative_to(TEMPLATES).parts[0]
    return "core" if folder in CORE_ROOMS else folder if folder in ROOMS else "web"


def extract(path: Path) -> list[MsgId]:
    """The msgids in a file, a plural's as a pair; raises `Unreadable` when it does not parse."""
    method, options = ("python", {}) if path.suffix == ".py" else (JINJA, JINJA_OPTIONS)
    try:
        found = list(extract_from_file(method, path, KEYWORDS, options=options))
    except Exception as error:
        raise Unreadable(f"{path}: {error}") from error
    return [(text[0], text[1]) if isinstance(text, tuple | list) else text for _, text, _, _ in found if text]


def used(room: str) -> dict[str, MsgId]:
    """All msgids of the room's files, by singular; raises `Unreadable`."""
    texts: dict[str, MsgId] = {}
    for path in sources(room):
        for msgid in extract(path):
            if isinstance(msgid, tuple) or msgid not in texts:
                texts[singular(msgid)] = msgid
    return texts


def singular(msgid: MsgId) -> str:
    return msgid if isinstance(msgid, str) else msgid[0]


def owned(problems: list[str] | None = None) -> dict[str, dict[str, MsgId]]:
    """The msgids that each room's fragment holds. An unreadable room is left out and named in `problems`, if given."""
    rooms: dict[str, dict[str, MsgId]] = {}
    taken: set[str] = set()
    for room in ROOMS:
        try:
            texts = used(room)
        except Unreadable as error:
            if problems is None:
                raise
            problems.append(str(error))
            continue
        rooms[room] = {msgid: texts[msgid] for msgid in sorted(texts) if msgid not in taken}
        taken |= texts.keys()
    return rooms


def fragment(room: str) -> dict[str, Message]:
    """What stands in the room's fragment, by singular msgid."""
    path = FRAGMENTS / f"{room}.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return {singular(_id(message)): message for message in read_po(file, locale="zh_Hans_CN") if message.id}


def _id(message: Message) -> MsgId:
    return message.id if isinstance(message.id, str) else (message.id[0], message.id[1])


def translation(message: Message) -> str:
    """The Chinese of a message, "" where there is none or only a guess."""
    if message.fuzzy or not message.string:
        return ""
    return message.string if isinstance(message.string, str) else message.string[0]


def rewrite(room: str, rooms: Mapping[str, Mapping[str, MsgId]]) -> None:
    """Write the room's fragment anew: sorted, without line numbers and dates, so that a change shows as itself.

    A text that the room no longer owns stays until its owner has it translated.
    """
    here = fragment(room)
    known = {msgid: message for other in ROOMS for msgid, message in fragment(other).items() if translation(message)}
    kept: dict[str, MsgId] = dict(rooms[room])
    kept |= {msgid: _id(here[msgid]) for msgid in here if msgid not in kept and _waits(room, msgid, rooms)}
    catalog = Catalog(locale="zh_Hans_CN")
    for msgid, full in kept.items():
        source = known.get(msgid)
        comments = here[msgid].user_comments if msgid in here else []
        text = translation(source) if source else ""
        message = catalog.add(full, text if isinstance(full, str) else (text,), user_comments=comments)
        message.flags.clear()
    with (FRAGMENTS / f"{room}.po").open("wb") as file:
        file.write(HEADER.encode())
        write_po(file, catalog, width=0, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)


def _waits(room: str, msgid: str, rooms: Mapping[str, Mapping[str, MsgId]]) -> bool:
    """Whether another room owns the text and has no translation of it yet."""
    owner = next((other for other in rooms if other != room and msgid in rooms[other]), None)
    if owner is None:
        return False
    message = fragment(owner).get(msgid)
    return message is None or not translation(message)


def entries() -> Iterator[tuple[str, str, str]]:
    """Everything that stands in the fragments: room, msgid, Chinese text."""
    for room in sorted(path.stem for path in FRAGMENTS.glob("*.po")):
        for msgid, message in fragment(room).items():
            yield room, msgid, translation(message)


def missing() -> list[tuple[str, str]]:
    """Texts in use that no fragment translates, by the room that owns them."""
    known = {msgid for _, msgid, text in entries() if text}
    return [(room, msgid) for room, texts in owned().items() for msgid in texts if msgid not in known]


def unused() -> list[tuple[str, str]]:
    """Texts in a fragment that its room does not own, so that the tool would drop them."""
    rooms = owned()
    return [(room, msgid) for room, msgid, _ in entries() if msgid not in rooms.get(room, {})]


def copied() -> list[tuple[str, str]]:
    """Texts whose Chinese is the English, apart from names that are the same in both."""
    return [
        (room, msgid)
        for room, msgid, text in entries()
        if text == msgid and LETTER.search(PLACEHOLDER.sub("", msgid)) and msgid not in SAME_IN_BOTH
    ]


def broken() -> list[tuple[str, str]]:
    """Texts whose Chinese fills in other variables than the English."""
    return [
        (room, msgid)
        for room, msgid, text in entries()
        if text and set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(msgid))
    ]


def contradictory() -> list[tuple[str, list[str]]]:
    """Texts that two fragments translate differently, with all their translations."""
    texts: dict[str, list[str]] = {}
    for _, msgid, text in entries():
        if text and text not in texts.setdefault(msgid, []):
            texts[msgid].append(text)
    return [(msgid, different) for msgid, different in texts.items() if len(different) > 1]
