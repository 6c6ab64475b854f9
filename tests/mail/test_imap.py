"""Following a mailbox on a real server: by IDLE and by polling, over faults, and what UIDs mean."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from eventsys.mail import imap
from eventsys.mail.imap import Arrived, ImapSettings, follow, opened
from eventsys.mail.smtp import Security
from tests.mail.dovecot import Dovecot
from tests.mail.imap_fixtures import mailbox, polled_mailbox, tls_mailbox

__all__ = ["mailbox", "polled_mailbox", "tls_mailbox"]

PATIENCE = 60.0


@dataclass
class Shelf:
    """Takes messages and remembers where it is; refuses as often as it is told."""

    taken: list[Arrived] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    looks: int = 0
    refusals: int = 0
    positions: dict[int, int] = field(default_factory=dict)
    meanwhile: Callable[[], None] = lambda: None

    def position(self, uidvalidity: int) -> int:
        return self.positions.get(uidvalidity, 0)

    def take(self, arrived: Arrived) -> None:
        if self.refusals:
            self.refusals -= 1
            raise RuntimeError("no room")
        self.taken.append(arrived)
        self.meanwhile()
        self.positions[arrived.uidvalidity] = arrived.uid

    def answered(self) -> None:
        self.looks += 1

    def failed(self, reason: str) -> None:
        self.faults.append(reason)

    @property
    def subjects(self) -> list[str]:
        return [each.data.decode().split("\r\n")[0].removeprefix("Subject: ") for each in self.taken]


@contextmanager
def following(settings: ImapSettings, shelf: Shelf) -> Iterator[threading.Event]:
    """The mailbox is followed by a thread inside the block, which has to end with it."""
    stopping = threading.Event()
    thread = threading.Thread(target=follow, args=(settings, shelf, stopping), daemon=True)
    thread.start()
    try:
        yield stopping
    finally:
        stopping.set()
        thread.join(PATIENCE)
    assert not thread.is_alive()


def until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


def letter(subject: str, lines: int = 1) -> bytes:
    return f"Subject: {subject}\r\n\r\n".encode() + b"hello\r\n" * lines


def test_what_lies_there_is_read_once_in_its_order_and_flagged(mailbox: Dovecot) -> None:
    for number in range(5):
        mailbox.deliver(letter(f"{number}"))
    shelf = Shelf()
    with following(mailbox.settings(), shelf):
        until(lambda: shelf.looks > 0)
    assert shelf.subjects == ["0", "1", "2", "3", "4"]
    assert [each.uid for each in shelf.taken] == [1, 2, 3, 4, 5]
    assert mailbox.seen() == 5
    with following(mailbox.settings(), shelf):
        until(lambda: shelf.looks > 1)
    assert len(shelf.taken) == 5


def test_idle_brings_a_message_at_once(mailbox: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the time to look again nor the end of the IDLE comes within this test's patience."""
    monkeypatch.setattr(imap, "IDLE_SECONDS", 3600.0)
    monkeypatch.setattr(imap, "SHORTEST_IDLE", 3600.0)
    shelf = Shelf()
    with following(mailbox.settings(poll=3600.0), shelf):
        until(lambda: shelf.looks > 0)
        mailbox.deliver(letter("new"))
        until(lambda: shelf.subjects == ["new"])
        mailbox.deliver(letter("newer"))
        until(lambda: shelf.subjects == ["new", "newer"])


def test_what_comes_while_another_message_is_taken_is_not_missed(
    mailbox: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server tells of it while it answers something else, and never again; or it overlooks it for a while."""
    monkeypatch.setattr(imap, "IDLE_SECONDS", 3600.0)
    mailbox.deliver(letter("1"))
    shelf = Shelf()

    def arrive() -> None:
        if len(shelf.taken) < 5:
            mailbox.deliver(letter(str(len(shelf.taken) + 1)))

    shelf.meanwhile = arrive
    with following(mailbox.settings(poll=3600.0), shelf):
        until(lambda: shelf.subjects == ["1", "2", "3", "4", "5"])


def test_a_server_without_idle_is_asked_again(polled_mailbox: Dovecot) -> None:
    with opened(polled_mailbox.settings()) as folder:
        assert not folder.idles
    shelf = Shelf()
    with following(polled_mailbox.settings(poll=0.1), shelf):
        until(lambda: shelf.looks > 1)
        polled_mailbox.deliver(letter("new"))
        until(lambda: shelf.subjects == ["new"])


def test_other_uids_mean_reading_anew(mailbox: Dovecot) -> None:
    mailbox.deliver(letter("one"))
    mailbox.deliver(letter("two"))
    shelf = Shelf()
    with following(mailbox.settings(), shelf):
        until(lambda: len(shelf.taken) == 2)
    mailbox.forget_uids()
    with following(mailbox.settings(), shelf):
        until(lambda: len(shelf.taken) == 4)
    assert shelf.subjects == ["one", "two", "one", "two"]
    assert len({each.uidvalidity for each in shelf.taken}) == 2


def test_a_lost_connection_is_opened_again(mailbox: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "PAUSES", (0.2,))
    shelf = Shelf()
    with following(mailbox.settings(), shelf):
        until(lambda: shelf.looks > 0)
        mailbox.stop()
        until(lambda: len(shelf.faults) > 1)
        mailbox.deliver(letter("meanwhile"))
        mailbox.start()
        until(lambda: shelf.subjects == ["meanwhile"])


def test_pauses_grow_while_nobody_answers(mailbox: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "PAUSES", (0.0, 0.0, 3600.0))
    mailbox.stop()
    shelf = Shelf()
    with following(mailbox.settings(), shelf):
        until(lambda: len(shelf.faults) == 3)
        time.sleep(0.3)
    assert len(shelf.faults) == 3


def test_a_message_that_was_not_taken_comes_again(mailbox: Dovecot) -> None:
    mailbox.deliver(letter("one"))
    shelf = Shelf(refusals=1)
    with following(mailbox.settings(), shelf):
        until(lambda: shelf.subjects == ["one"])
    assert shelf.faults == ["no room"]
    assert mailbox.seen() == 1


def test_a_wrong_password_is_a_fault_in_words(mailbox: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "PAUSES", (3600.0,))
    shelf = Shelf()
    settings = mailbox.settings()
    wrong = ImapSettings(settings.host, settings.port, settings.user, "wrong", settings.security)
    with following(wrong, shelf):
        until(lambda: bool(shelf.faults))
    assert "Authentication failed" in shelf.faults[0]
    assert "wrong" not in repr(wrong)


def test_no_message_is_fetched_beyond_the_limit(mailbox: Dovecot) -> None:
    mailbox.deliver(letter("long", lines=1000))
    with opened(mailbox.settings(longest=100)) as folder:
        (arrived,) = folder.after(0)
    assert len(arrived.data) == 100


def test_a_folder_that_is_not_there_is_a_fault(mailbox: Dovecot) -> None:
    shelf = Shelf()
    with following(mailbox.settings(folder="Nowhere"), shelf):
        until(lambda: bool(shelf.faults))
    assert "Nowhere" in shelf.faults[0] or "doesn't exist" in shelf.faults[0]


def protected(server: Dovecot, security: Security, *, known: bool = True) -> ImapSettings:
    """The way in by TLS, to a server whose certificate is known or not."""
    plain, port = server.settings(), server.tls_port if security is Security.TLS else server.port
    ca_file = str(server.home / "tls.crt") if known else ""
    return ImapSettings("localhost", port, plain.user, plain.password, security, ca_file=ca_file)


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_the_mailbox_behind_tls(tls_mailbox: Dovecot, security: Security, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "PAUSES", (3600.0,))
    tls_mailbox.deliver(letter("sealed"))
    shelf, stranger = Shelf(), Shelf()
    with following(protected(tls_mailbox, security), shelf):
        until(lambda: shelf.looks > 0)
        tls_mailbox.deliver(letter("more"))
        until(lambda: shelf.subjects == ["sealed", "more"])
    with following(protected(tls_mailbox, security, known=False), stranger):
        until(lambda: bool(stranger.faults))
    assert "certificate verify failed" in stranger.faults[0].lower()
    assert stranger.taken == []


def test_tls_is_never_given_up(mailbox: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that offers no STARTTLS hears no password."""
    monkeypatch.setattr(imap, "PAUSES", (3600.0,))
    shelf = Shelf()
    with following(protected(mailbox, Security.STARTTLS, known=False), shelf):
        until(lambda: bool(shelf.faults))
    assert "Login" not in (mailbox.home / "log").read_text()
