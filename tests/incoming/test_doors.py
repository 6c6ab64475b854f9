"""The two doors as real processes: a pipe from the mail server, and a mailbox on a real IMAP server, over faults."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest
from flask import Flask
from sqlalchemy import delete, select

from eventsys.config import Settings
from eventsys.core.transaction import write
from eventsys.extensions import db
from eventsys.incoming.models import Door, EntryState, IncomingEntry, IncomingMessage, MailboxPosition
from eventsys.invitations.models import Reply
from tests.delivery.faults import Lock
from tests.delivery.processes import stop, until
from tests.incoming.doors import mailbox_reader, pipe_in, stamped, start_pipe
from tests.incoming.messages import reply
from tests.incoming.world import World, again, entries, history, letters, messages, world
from tests.mail.dovecot import Dovecot
from tests.mail.imap_fixtures import mailbox

__all__ = ["mailbox"]


@pytest.fixture
def here(app: Flask) -> World:
    return world()


@pytest.fixture
def ready(here: World) -> Iterator[World]:
    """The world in a database that a process of the product takes for up to date."""
    with stamped():
        yield here


def taken() -> int:
    db.session.rollback()
    return len(db.session.scalars(select(IncomingMessage.id)).all())


def position() -> tuple[int, int]:
    """How far the mailbox was read: UIDVALIDITY, UID."""
    db.session.rollback()
    row = db.session.scalars(select(MailboxPosition)).one()
    return row.uidvalidity, row.uid


def is_answered() -> bool:
    db.session.rollback()
    row = db.session.scalars(select(MailboxPosition)).one_or_none()
    return row is not None and row.seen_at is not None


def test_the_pipe_takes_a_message_in_once(ready: World, settings: Settings) -> None:
    data = reply(ready.meeting, ready.li)
    assert [pipe_in(settings, data), pipe_in(settings, data)] == [0, 0]
    (message,) = messages()
    assert (message.door, again(ready.li).reply) == (Door.PIPE, Reply.ACCEPTED)
    assert history(ready.li) == [("accepted", "mail", "signed")]


def test_the_mail_server_keeps_the_message_while_the_database_is_away(here: World, settings: Settings) -> None:
    """No server, no file, or another schema than that of the code."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        nobody = f"postgresql://nobody@127.0.0.1:{listener.getsockname()[1]}/none"
    data = reply(here.meeting, here.li)
    several = [start_pipe(settings, DATABASE_URL=url) for url in (nobody, "sqlite:////proc/none.db")]
    several.append(start_pipe(settings))
    assert [(each.communicate(data, timeout=120)[0], each.returncode) for each in several] == [(b"", 75)] * 3
    assert taken() == 0


def test_a_message_without_end_is_cut_and_the_pipe_is_emptied(ready: World, settings: Settings) -> None:
    assert pipe_in(settings, b"Subject: long\r\n\r\n" + b"x" * (8 * 1024 * 1024)) == 0
    (found,) = entries()
    assert (found.state, found.reason, found.incoming.size) == (
        EntryState.WAITING,
        "too-large",
        2 * 1024 * 1024 + 1,
    )


def test_the_mailbox_is_read_and_remembered(here: World, settings: Settings, mailbox: Dovecot) -> None:
    mailbox.deliver(reply(here.meeting, here.li))
    with mailbox_reader(settings, mailbox.port) as process:
        until(lambda: taken() == 1)
        mailbox.deliver(reply(here.meeting, here.wang, "DECLINED"))
        until(lambda: taken() == 2)
        assert stop(process, signal.SIGTERM) == 0
    assert (again(here.li).reply, again(here.wang).reply) == (Reply.ACCEPTED, Reply.DECLINED)
    assert position()[1] == 2
    assert mailbox.seen() == 2


def test_other_uids_apply_nothing_twice(here: World, settings: Settings, mailbox: Dovecot) -> None:
    mailbox.deliver(reply(here.meeting, here.li))
    mailbox.deliver(reply(here.meeting, here.wang))
    with mailbox_reader(settings, mailbox.port):
        until(lambda: taken() == 2)
    first = position()
    mailbox.forget_uids()
    with mailbox_reader(settings, mailbox.port):
        until(lambda: position()[0] != first[0] and position()[1] == 2)
        mailbox.deliver(reply(here.meeting, here.li, "DECLINED"))
        until(lambda: taken() == 3)
    assert [len(history(each)) for each in (here.li, here.wang)] == [2, 1]
    assert len(entries()) == 3


def test_a_worker_killed_before_it_has_taken_the_message(here: World, settings: Settings, mailbox: Dovecot) -> None:
    """Fetched, but not written: the message comes again. The lock keeps the worker from committing."""
    with mailbox_reader(settings, mailbox.port) as process:
        until(is_answered)
        lock = Lock(settings)
        lock.take()
        mailbox.deliver(reply(here.meeting, here.li))
        with pytest.raises(Exception, match="timed out"):
            process.wait(3)
        process.kill()
        process.wait()
        lock.release()
    assert (taken(), again(here.li).reply) == (0, Reply.PENDING)
    with mailbox_reader(settings, mailbox.port):
        until(lambda: taken() == 1)
    assert history(here.li) == [("accepted", "mail", "signed")]


def test_a_worker_killed_between_taking_and_flagging(here: World, settings: Settings, mailbox: Dovecot) -> None:
    """Written, but not flagged: nothing is applied again, with the position or, were that lost, without it."""
    mailbox.deliver(reply(here.meeting, here.li))
    struck = threading.Event()
    with between(mailbox.port, b" STORE ", struck) as port, mailbox_reader(settings, port) as process:
        assert struck.wait(120)
        process.kill()
        process.wait()
    assert (taken(), mailbox.seen()) == (1, 0)
    forget_position()
    with mailbox_reader(settings, mailbox.port):
        until(lambda: mailbox.seen() == 1)
    assert (taken(), len(letters("receipt"))) == (1, 1)
    assert history(here.li) == [("accepted", "mail", "signed")]


def forget_position() -> None:
    with write() as session:
        session.execute(delete(MailboxPosition))


def test_both_doors_at_once(ready: World, settings: Settings, mailbox: Dovecot) -> None:
    """Three processes of the pipe and the mailbox bring the same message at the same time."""
    data = reply(ready.meeting, ready.li)
    with mailbox_reader(settings, mailbox.port):
        until(is_answered)
        several = [start_pipe(settings) for _ in range(3)]
        threads = [threading.Thread(target=each.communicate, args=(data,)) for each in several]
        for thread in threads:
            thread.start()
        mailbox.deliver(data)
        for thread in threads:
            thread.join(120)
        assert [each.returncode for each in several] == [0, 0, 0]
        until(lambda: mailbox.seen() == 1)
    assert (taken(), len(letters("receipt"))) == (1, 1)
    assert history(ready.li) == [("accepted", "mail", "signed")]
    db.session.rollback()
    assert len(db.session.scalars(select(IncomingEntry.id)).all()) == 1


@contextmanager
def between(port: int, word: bytes, struck: threading.Event) -> Iterator[int]:
    """A way to the server that swallows everything from a word of the client's on, and tells when it was said."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_carry, args=(listener, port, word, struck), daemon=True).start()
        yield listener.getsockname()[1]


def _carry(listener: socket.socket, port: int, word: bytes, struck: threading.Event) -> None:
    client, _address = listener.accept()
    with client, socket.create_connection(("127.0.0.1", port)) as server:
        back = threading.Thread(target=_copy, args=(server, client.sendall), daemon=True)
        back.start()
        while data := client.recv(65536):
            if word in data.upper():
                struck.set()
                back.join(60)
                return
            server.sendall(data)


def _copy(source: socket.socket, send: Callable[[bytes], None]) -> None:
    try:
        while data := source.recv(65536):
            send(data)
    except OSError:
        return
