"""The mailbox in a folder."""

from dataclasses import replace
from datetime import UTC, datetime
from mailbox import Maildir
from pathlib import Path
from threading import Thread

import pytest

from eventsys.mail.local import LocalMailbox, Page
from eventsys.mail.message import build
from eventsys.mail.shown import Letter, Summary
from eventsys.mail.transport import Accepted, Deferred
from tests.mail.samples import CANCELLATION, ENGLISH, INVITATION, PLAIN, UPDATE

SENDER, RECIPIENT = INVITATION.sender.email, INVITATION.to.email


@pytest.fixture
def mailbox(tmp_path: Path) -> LocalMailbox:
    return LocalMailbox(tmp_path / "mail" / "out")


def stored(tmp_path: Path) -> list[bytes]:
    box = Maildir(tmp_path / "mail" / "out", create=False)
    return [box.get_bytes(key) for key in sorted(box.keys())]


def test_a_letter_lies_there_exactly_as_it_was_sent(mailbox: LocalMailbox, tmp_path: Path) -> None:
    outcome = mailbox.send(SENDER, RECIPIENT, build(INVITATION))
    assert isinstance(outcome, Accepted)
    assert (mailbox.read(outcome.answer), stored(tmp_path)) == (build(INVITATION), [build(INVITATION)])


def test_delivering_again_changes_nothing(mailbox: LocalMailbox, tmp_path: Path) -> None:
    first = mailbox.deliver(build(INVITATION))
    later = build(replace(INVITATION, date=datetime(2024, 8, 13, tzinfo=UTC)))
    assert LocalMailbox(tmp_path / "mail" / "out").deliver(later) == first
    assert stored(tmp_path) == [build(INVITATION)]


def test_letters_without_a_message_id_are_told_apart_by_their_content(mailbox: LocalMailbox, tmp_path: Path) -> None:
    outcomes = [mailbox.deliver(data) for data in (b"To: a\r\n\r\n1", b"To: a\r\n\r\n2", b"To: a\r\n\r\n1")]
    assert (outcomes[0] == outcomes[2], len(stored(tmp_path))) == (True, 2)


def test_a_delivery_that_was_cut_short_is_finished(mailbox: LocalMailbox, tmp_path: Path) -> None:
    key = mailbox.deliver(build(INVITATION)).answer
    (tmp_path / "mail" / "out" / "new" / key).unlink()
    assert mailbox.deliver(build(INVITATION)) == Accepted(key)
    assert stored(tmp_path) == [build(INVITATION)]


def test_a_letter_that_was_opened_elsewhere_is_not_doubled(mailbox: LocalMailbox, tmp_path: Path) -> None:
    folder = tmp_path / "mail" / "out"
    key = mailbox.deliver(build(INVITATION)).answer
    (folder / "new" / key).rename(folder / "cur" / f"{key}:2,S")
    assert (mailbox.deliver(build(INVITATION)), len(stored(tmp_path))) == (Accepted(key), 1)
    assert mailbox.read(key) == build(INVITATION)


def test_many_at_once_store_one(mailbox: LocalMailbox, tmp_path: Path) -> None:
    answers: list[Accepted] = []
    threads = [Thread(target=lambda: answers.append(mailbox.deliver(build(INVITATION)))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(answers), len(set(answers)), len(stored(tmp_path))) == (8, 1, 1)
    assert list((tmp_path / "mail" / "out" / "tmp").iterdir()) == []


def test_pages_newest_first(mailbox: LocalMailbox) -> None:
    mails = [PLAIN, INVITATION, UPDATE, CANCELLATION, ENGLISH]
    keys = [mailbox.deliver(build(mail)).answer for mail in mails]
    first = mailbox.page(limit=2)
    second = mailbox.page(before_key=first.before_key, limit=2)
    third = mailbox.page(before_key=second.before_key, limit=2)
    assert [[letter.key for letter in page.letters] for page in (first, second, third)] == [
        [keys[4], keys[3]],
        [keys[2], keys[1]],
        [keys[0]],
    ]
    assert [page.before_key for page in (first, second, third)] == [keys[3], keys[1], None]


def test_a_full_last_page_has_no_next(mailbox: LocalMailbox) -> None:
    key = mailbox.deliver(build(PLAIN)).answer
    assert mailbox.page(limit=1).before_key is None
    assert mailbox.page(before_key=key) == Page((), None)


@pytest.mark.parametrize(
    ("search", "subjects"),
    [
        ("会议取消", [CANCELLATION.subject]),
        ("全会精神 李明", [CANCELLATION.subject, INVITATION.subject]),
        ("J.MUELLER", [ENGLISH.subject]),
        ("nobody", []),
        (" ", [CANCELLATION.subject, ENGLISH.subject, INVITATION.subject]),
    ],
)
def test_search(mailbox: LocalMailbox, search: str, subjects: list[str]) -> None:
    for mail in (INVITATION, ENGLISH, CANCELLATION):
        mailbox.deliver(build(mail))
    assert [letter.subject for letter in mailbox.page(search=search).letters] == subjects


def test_a_letter_opened(mailbox: LocalMailbox) -> None:
    key = mailbox.deliver(build(INVITATION)).answer
    assert mailbox.letter(key) == Letter(
        summary=Summary(
            key=key,
            subject=INVITATION.subject,
            sender=f"市政府外事办公室 <{SENDER}>",
            to=f"李明 <{RECIPIENT}>",
            date=INVITATION.date,
        ),
        text=INVITATION.text.replace("\n", "\r\n"),
        html=INVITATION.html.replace("\n", "\r\n"),
        calendar=INVITATION.calendar,
        method="REQUEST",
    )


def test_a_letter_without_a_calendar_opened(mailbox: LocalMailbox) -> None:
    letter = mailbox.letter(mailbox.deliver(build(PLAIN)).answer)
    assert (letter.calendar, letter.method, letter.text) == (None, None, PLAIN.text.replace("\n", "\r\n"))


@pytest.mark.parametrize("key", ["", "nothing", "../claims/x", "../../../etc/passwd"])
def test_no_such_letter(mailbox: LocalMailbox, key: str) -> None:
    mailbox.deliver(build(PLAIN))
    with pytest.raises(KeyError):
        mailbox.read(key)


def test_an_envelope_has_exact_addresses(mailbox: LocalMailbox, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not one plain address"):
        mailbox.send(SENDER, "a@b.cn, c@d.cn", build(PLAIN))
    assert stored(tmp_path) == []


def test_a_disk_that_refuses_defers(mailbox: LocalMailbox, tmp_path: Path) -> None:
    (tmp_path / "mail" / "out" / "tmp").rmdir()
    assert isinstance(mailbox.send(SENDER, RECIPIENT, build(PLAIN)), Deferred)
    (tmp_path / "mail" / "out" / "tmp").mkdir()
    assert isinstance(mailbox.send(SENDER, RECIPIENT, build(PLAIN)), Accepted)
    assert stored(tmp_path) == [build(PLAIN)]
