"""Who gets which page: endpoint -> personas, for a letter of the organizer's meeting to the liaison's office."""

from __future__ import annotations

READERS = {"administrator", "organizer", "approver"}
SENDERS = {"administrator", "organizer"}

ROUTES: dict[str, set[str]] = {
    "letters.of_meeting": READERS,
    "letters.as_csv": READERS,
    "letters.as_xlsx": READERS,
    "letters.all_again": SENDERS,
    "letters.index": READERS | {"liaison"},
    "letters.show": READERS | {"liaison"},
    "letters.words": READERS | {"liaison"},
    "letters.again": SENDERS,
    "sending.index": {"administrator"},
    "sending.pause": {"administrator"},
    "sending.resume": {"administrator"},
    "mailbox.index": SENDERS,
    "mailbox.show": SENDERS,
    "mailbox.html": SENDERS,
    "mailbox.eml": SENDERS,
}
