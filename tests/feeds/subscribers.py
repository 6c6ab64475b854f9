"""Real programmes that subscribe: vdirsyncer fetches a calendar and puts it into Radicale or Xandikos.

Each server runs by itself on a port and in a folder of its own, and is asked by CalDAV (RFC 4791) what it holds.
"""

from __future__ import annotations

import http.client
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen
from xml.etree import ElementTree

from icalendar import Calendar

PROGRAMS = Path(sys.executable).parent
START_SECONDS, SYNC_SECONDS = 60.0, 300
DAV, CALDAV = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}"
HOME = "/subscriber/"
MAKE = (
    '<?xml version="1.0"?><C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop>'
    "<D:displayname>subscribed</D:displayname></D:prop></D:set></C:mkcalendar>"
)
ASK = (
    '<?xml version="1.0"?><C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop>'
    "<D:getetag/><C:calendar-data/></D:prop><C:filter>"
    '<C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"/></C:comp-filter></C:filter></C:calendar-query>'
)
CONFIGURATION = """\
[general]
status_path = "{folder}/status/"

[pair subscribed]
a = "feed"
b = "server"
collections = null
conflict_resolution = "a wins"

[storage feed]
{storage}

[storage server]
type = "caldav"
url = "{calendar}"
username = "subscriber"
password = "subscriber"
"""


@dataclass(frozen=True, slots=True)
class Held:
    """One item as a server holds it: the server's own mark, and the VEVENT."""

    etag: str
    event: Any


@dataclass(frozen=True, slots=True)
class CalendarServer:
    """A running CalDAV server."""

    name: str
    port: int

    def make_calendar(self, name: str) -> str:
        """An empty calendar; returns its address."""
        path = f"{HOME}{name}/"
        self._ask("MKCALENDAR", path, MAKE)
        return f"http://127.0.0.1:{self.port}{path}"

    def items(self, name: str) -> dict[str, Held]:
        """Every item of a calendar by its UID, as the server gives it to a calendar programme."""
        answer = self._ask("REPORT", f"{HOME}{name}/", ASK)
        found: dict[str, Held] = {}
        for response in ElementTree.fromstring(answer).iter(f"{DAV}response"):
            text = response.findtext(f".//{CALDAV}calendar-data") or ""
            (event,) = Calendar.from_ical(text.encode()).walk("VEVENT")
            uid = str(event["UID"])
            assert uid not in found, "each meeting is one item"
            found[uid] = Held(response.findtext(f".//{DAV}getetag") or "", event)
        return found

    def _ask(self, method: str, path: str, body: str) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {"Content-Type": "application/xml; charset=utf-8", "Depth": "1"}
        headers["Authorization"] = "Basic c3Vic2NyaWJlcjpzdWJzY3JpYmVy"
        connection.request(method, path, body.encode(), headers)
        answer = connection.getresponse()
        read = answer.read()
        connection.close()
        assert answer.status < 300, (self.name, method, path, answer.status, read[:300])
        return read


@dataclass(frozen=True, slots=True)
class Subscription:
    """A calendar that vdirsyncer puts into a server.

    `file` is where it is fetched to: vdirsyncer's own fetching gives every item another UID, made from its content, so
    that a change is a new item. From a file it keeps them, and a change is a change.
    """

    server: CalendarServer
    name: str
    configuration: Path
    feed: str
    file: Path | None

    def sync(self) -> list[str]:
        """Fetch once; returns what was done, a line for each item."""
        if self.file is not None:
            with urlopen(self.feed, timeout=60) as answer:
                self.file.write_bytes(answer.read())
        command = [PROGRAMS / "vdirsyncer", "--config", self.configuration]
        done = subprocess.run([*command, "sync"], capture_output=True, text=True, check=False, timeout=SYNC_SECONDS)
        assert done.returncode == 0, done.stdout + done.stderr
        return re.findall(r"(?:Copying|Deleting) (?:\(\w+\) )?item \S+", done.stdout + done.stderr)

    def items(self) -> dict[str, Held]:
        return self.server.items(self.name)


def subscribed(server: CalendarServer, feed: str, name: str, folder: Path, *, by_file: bool) -> Subscription:
    """Subscribe: an empty calendar on the server, and vdirsyncer told of both."""
    calendar = server.make_calendar(name)
    folder.mkdir(parents=True)
    configuration, file = folder / "vdirsyncer.conf", folder / "feed.ics" if by_file else None
    storage = f'type = "singlefile"\npath = "{file}"\nread_only = true' if by_file else f'type = "http"\nurl = "{feed}"'
    configuration.write_text(CONFIGURATION.format(folder=folder, storage=storage, calendar=calendar))
    if file is not None:
        file.touch()
    command = [PROGRAMS / "vdirsyncer", "--config", configuration, "discover"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SYNC_SECONDS, input="y\n")
    assert done.returncode == 0, done.stdout + done.stderr
    return Subscription(server, name, configuration, feed, file)


def is_here(name: str) -> bool:
    """Whether the server and vdirsyncer are installed."""
    return (PROGRAMS / name.lower()).exists() and (PROGRAMS / "vdirsyncer").exists()


@contextmanager
def running(name: str, folder: Path) -> Iterator[CalendarServer]:
    """Radicale or Xandikos inside the block."""
    port = _free_port()
    log = folder / "log"
    folder.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as said:
        process = subprocess.Popen(COMMANDS[name](folder, port), stdout=said, stderr=said, cwd=folder)
        try:
            _wait(port, process, log)
            yield CalendarServer(name, port)
        finally:
            process.terminate()
            process.wait(30)


def _radicale(folder: Path, port: int) -> list[str]:
    options = {
        "--config": "",
        "--server-hosts": f"127.0.0.1:{port}",
        "--auth-type": "none",
        "--rights-type": "authenticated",
        "--storage-filesystem-folder": str(folder / "collections"),
        "--logging-level": "warning",
    }
    return [str(PROGRAMS / "radicale"), *(part for pair in options.items() for part in pair)]


def _xandikos(folder: Path, port: int) -> list[str]:
    where = ["--directory", str(folder / "collections"), "--state-dir", str(folder / "state"), "--autocreate"]
    listen = ["--listen-address", "127.0.0.1", "--port", str(port), "--no-detect-systemd"]
    return [str(PROGRAMS / "xandikos"), "serve", *where, *listen, "--current-user-principal", HOME]


COMMANDS: dict[str, Callable[[Path, int], list[str]]] = {"Radicale": _radicale, "Xandikos": _xandikos}


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"{process.args!r} does not answer: {log.read_text()}")
