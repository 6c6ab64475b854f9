"""The mailbox of a test: a real server, where its program is installed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.mail import dovecot

Record = Callable[[str, object], None]


@pytest.fixture
def mailbox(record_property: Record) -> Iterator[dovecot.Dovecot]:
    """A fresh mailbox on a server that offers IDLE."""
    yield from _serving(record_property, idle=True)


@pytest.fixture
def polled_mailbox(record_property: Record) -> Iterator[dovecot.Dovecot]:
    """A fresh mailbox on a server that does not offer IDLE."""
    yield from _serving(record_property, idle=False)


@pytest.fixture
def tls_mailbox(record_property: Record) -> Iterator[dovecot.Dovecot]:
    """A fresh mailbox on a server with a certificate that only itself vouches for."""
    yield from _serving(record_property, idle=True, tls=True)


def _serving(record_property: Record, **more: bool) -> Iterator[dovecot.Dovecot]:
    if dovecot.program() is None:
        pytest.skip("dovecot-imapd is not installed")
    record_property("part", "mailbox")
    with dovecot.serving(**more) as server:
        yield server
