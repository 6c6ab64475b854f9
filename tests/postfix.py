"""A Postfix of the tests' own: private folders, a free port; what it takes it logs and throws away.

Needs Debian's postfix and root, as Postfix itself does; the machine's own Postfix is neither used nor changed.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

DAEMONS = Path("/usr/lib/postfix/sbin")
PATIENCE = 60.0
MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = relay.test
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
default_transport = discard:
local_transport = error:none
default_database_type = texthash
alias_maps =
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_peername_lookup = no
smtpd_client_connection_count_limit = 0
enable_long_queue_ids = yes
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
"""
MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup   unix n - n 60  1 pickup
cleanup  unix n - n -   0 cleanup
qmgr     unix n - n 300 1 qmgr
rewrite  unix - - n -   - trivial-rewrite
bounce   unix - - n -   0 bounce
defer    unix - - n -   0 bounce
trace    unix - - n -   0 bounce
verify   unix - - n -   1 verify
flush    unix n - n -   0 flush
proxymap unix - - n -   - proxymap
error    unix - - n -   - error
retry    unix - - n -   - error
discard  unix - - n -   - discard
showq    unix n - n -   - showq
anvil    unix - - n -   1 anvil
scache   unix - - n -   1 scache
postlog  unix-dgram n - n - 1 postlogd
"""
_CAME = re.compile(r" (\w+): message-id=(<[^>]*>)")
_TAKEN = re.compile(r" (\w+): from=<")


def installed() -> bool:
    """Whether a Postfix of our own can be run here."""
    return os.geteuid() == 0 and (DAEMONS / "master").exists() and shutil.which("postfix", path="/usr/sbin") is not None


class Postfix:
    """One instance in its folder; it may be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.settings = folder / "etc"
        self.log = folder / "mail.log"
        self._folder = folder
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = int(listener.getsockname()[1])
        for name in ("etc", "queue", "data"):
            (folder / name).mkdir()
        os.chown(folder / "data", pwd.getpwnam("postfix").pw_uid, 0)
        (self.settings / "main.cf").write_text(MAIN.format(folder=folder))
        (self.settings / "master.cf").write_text(MASTER.format(port=self.port))

    def start(self) -> None:
        """Start, and wait until it greets."""
        end = time.monotonic() + PATIENCE
        while not self._starts() or not self._greets():
            if time.monotonic() > end:
                raise TimeoutError("Postfix does not start")
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop as an operator does."""
        self._command("stop")
        self.kill()

    def kill(self) -> None:
        """`kill -9` of all its processes but the one that writes the log, as if the machine's syslog wrote it."""
        for process in self._processes():
            if Path(f"/proc/{process}/comm").read_text().strip() != "postlogd":
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)

    def taken(self) -> Counter[str]:
        """How often it took a letter over for good, by Message-ID, as its log and its queue tell."""
        text = self.log.read_text()
        names = dict(_CAME.findall(text))
        numbers = {number for number in _TAKEN.findall(text) if number in names} | self._queued()
        return Counter(names[number] for number in numbers)

    def _queued(self) -> set[str]:
        return {
            path.name
            for name in ("incoming", "active", "deferred")
            for path in (self._queue / name).rglob("*")
            if path.is_file() and path.stat().st_mode & 0o100
        }

    @property
    def _queue(self) -> Path:
        return self._folder / "queue"

    def _starts(self) -> bool:
        return self._command("start") == 0 or self._command("status") == 0

    def _greets(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            return connection.recv(3) == b"220"
        return False

    def _command(self, word: str) -> int:
        command = ["/usr/sbin/postfix", "-c", str(self.settings), word]
        return subprocess.run(command, check=False, capture_output=True, timeout=PATIENCE).returncode

    def _processes(self) -> list[int]:
        """The master and its children: those whose folder of work is this queue."""
        found = []
        for path in Path("/proc").glob("[0-9]*/cwd"):
            with suppress(OSError):
                if path.readlink() == self._queue:
                    found.append(int(path.parent.name))
        return found


@contextmanager
def running() -> Iterator[Postfix]:
    """A Postfix that is gone, with its folder, at the end of the block."""
    folder = Path(tempfile.mkdtemp(prefix="eventsys-postfix-"))
    folder.chmod(0o755)
    postfix = Postfix(folder)
    try:
        postfix.start()
        yield postfix
    finally:
        postfix.stop()
        for process in postfix._processes():
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)
