"""A real IMAP server for the tests: Debian's dovecot, on its own port, in a folder that goes with it."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from eventsys.mail.imap import ImapSettings
from eventsys.mail.smtp import Security

USER, PASSWORD = "meetings", "a-password-of-the-tests"
WITHOUT_IDLE = "IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE LITERAL+ UIDPLUS MOVE"
PATIENCE = 30.0

CONFIGURATION = """
base_dir = {home}/run
state_dir = {home}/run
log_path = {home}/log
protocols = imap
{tls}
disable_plaintext_auth = no
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
mail_location = maildir:{home}/mail
mailbox_list_index = no
maildir_copy_with_hardlinks = no
{capability}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/home
}}
"""

_numbers = count(1)


def program() -> str | None:
    """The server's program, None where it is not installed."""
    return shutil.which("dovecot") or (shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin"))


@dataclass
class Dovecot:
    """One mailbox on a server that can be stopped, restarted, and made to forget its UIDs."""

    home: Path
    port: int
    tls_port: int = 0
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def settings(self, **more: object) -> ImapSettings:
        """How a client gets in."""
        return ImapSettings("127.0.0.1", self.port, USER, PASSWORD, Security.NONE, **more)  # type: ignore[arg-type]

    def start(self) -> None:
        self._process = subprocess.Popen(
            [str(program()), "-F", "-c", str(self.home / "dovecot.conf")],
            stdout=subprocess.DEVNULL,
            stderr=(self.home / "errors").open("ab"),
            start_new_session=True,
        )
        end = time.monotonic() + PATIENCE
        while not self._answers():
            assert self._process.poll() is None, (self.home / "errors").read_text()
            assert time.monotonic() < end, "dovecot does not start"
            time.sleep(0.05)

    def stop(self) -> None:
        """End the server, and with it every connection."""
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def deliver(self, data: bytes) -> None:
        """Put a message into the mailbox as a delivery agent does: written aside, then moved in."""
        name = f"{time.time_ns()}.{os.getpid()}_{next(_numbers)}.tests"
        path = self.home / "mail" / "tmp" / name
        path.write_bytes(data)
        shutil.chown(path, *_owner())
        path.rename(self.home / "mail" / "new" / name)

    def forget_uids(self) -> None:
        """Lose the UIDs, as after a restored backup: the same messages get new numbers under another UIDVALIDITY."""
        self.stop()
        for path in (self.home / "mail").glob("dovecot*"):
            path.unlink()
        time.sleep(1.1)  # a UIDVALIDITY is made from the time in seconds
        self.start()

    def seen(self) -> int:
        """How many messages are flagged as seen."""
        return sum(path.name.partition(":2,")[2].count("S") for path in (self.home / "mail" / "cur").iterdir())

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
            return connection.recv(4) == b"* OK"
        return False


@contextmanager
def serving(*, idle: bool = True, tls: bool = False) -> Iterator[Dovecot]:
    """A fresh server with one empty mailbox; with `tls` it has a certificate of its own, `home / "tls.crt"`."""
    with tempfile.TemporaryDirectory(prefix="eventsys-imap-", dir="/tmp") as folder:
        home = Path(folder)
        home.chmod(0o755)
        server = Dovecot(home, _free_port(), _free_port() if tls else 0)
        _prepare(server, idle=idle)
        server.start()
        try:
            yield server
        finally:
            server.stop()


def _prepare(server: Dovecot, *, idle: bool) -> None:
    (user, group), home = _owner(), server.home
    found = pwd.getpwnam(user)
    for name in ("run", "home", "mail", "mail/tmp", "mail/new", "mail/cur"):
        (home / name).mkdir()
        shutil.chown(home / name, user, group)
    capability = "" if idle else f"imap_capability = {WITHOUT_IDLE}"
    text = CONFIGURATION.format(
        home=home,
        port=server.port,
        tls_port=server.tls_port,
        tls=_certificate(home) if server.tls_port else "ssl = no",
        password=PASSWORD,
        user=user,
        group=group,
        uid=found.pw_uid,
        gid=found.pw_gid,
        capability=capability,
    )
    (home / "dovecot.conf").write_text(text)


def _certificate(home: Path) -> str:
    """A certificate for localhost that nobody else vouches for, as lines of the configuration."""
    names = {"-keyout": home / "tls.key", "-out": home / "tls.crt", "-days": "2"}
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    command += [str(part) for pair in names.items() for part in pair]
    subprocess.run(command, check=True, capture_output=True)
    return f"ssl = yes\nssl_cert = <{home}/tls.crt\nssl_key = <{home}/tls.key"


def _owner() -> tuple[str, str]:
    """Whose the mailbox is: ours, or as root, whom no mailbox may belong to, the package's own user."""
    if os.geteuid() == 0:
        return "dovecot", "dovecot"
    user = pwd.getpwuid(os.geteuid())
    return user.pw_name, str(user.pw_gid)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
