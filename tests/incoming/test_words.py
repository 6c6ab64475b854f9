"""Whatever is said, decided or in doubt has words, and only those who organize a meeting see its mail."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventsys.core.actor import ANONYMOUS, Actor, Held, Role
from eventsys.incoming import words
from eventsys.incoming.models import Door, EntryState, Said, Trust
from eventsys.incoming.policy import can_answer_entry, can_list_incoming, can_read_entry, can_settle_entry
from eventsys.incoming.reasons import Why
from eventsys.incoming.seat import link_ids
from eventsys.incoming.text import tidy_block, tidy_line
from eventsys.invitations.models import Reply
from eventsys.mail.received import Reason
from tests.incoming.messages import reply
from tests.incoming.world import World, again, entries, take, world

LINK = "abcdefghijklmnopqrstuvwxyz"
# What took effect needs no reason; the other two are of reading files.
WITHOUT = {Reason.ANSWER, Reason.PROPOSAL, Reason.BOUNCED, Reason.NOT_FOUND, Reason.NOT_INVITED}


def test_everything_has_words() -> None:
    assert set(words.SAID) == set(Said)
    assert set(words.STATES) == set(EntryState)
    assert set(words.TRUST) == set(words.TRUST_TONES) == set(words.TRUST_SENTENCES) == set(Trust)
    assert set(words.DOORS) == set(Door)
    assert set(words.REPLIES) == set(Reply) - {Reply.PENDING}
    assert set(words.REASONS) == {each.value for each in Why} | {each.value for each in set(Reason) - WITHOUT}


class Entry:
    path = "/1/2/"


@pytest.mark.parametrize(
    ("held", "reads", "answers"),
    [
        (Held(Role.ADMINISTRATOR), True, False),
        (Held(Role.ORGANIZER, 2, "/1/2/"), True, True),
        (Held(Role.ORGANIZER, 1, "/1/"), True, True),
        (Held(Role.ORGANIZER, 3, "/1/2/3/"), False, False),
        (Held(Role.ORGANIZER, 4, "/4/"), False, False),
        (Held(Role.APPROVER, 2, "/1/2/"), False, False),
        (Held(Role.EDITOR, 2, "/1/2/"), False, False),
    ],
)
def test_who_reads_and_who_answers(held: Held, reads: bool, answers: bool) -> None:
    actor = Actor(account_id=1, held=(held,))
    assert (can_read_entry(actor, Entry()), can_settle_entry(actor, Entry())) == (reads, reads)
    assert can_answer_entry(actor, Entry()) is answers


def test_strangers_see_nothing() -> None:
    assert not can_list_incoming(ANONYMOUS)
    nowhere = type("Nowhere", (), {"path": ""})()
    assert not can_read_entry(Actor(account_id=1, held=(Held(Role.ORGANIZER, 1, "/1/"),)), nowhere)


@pytest.mark.parametrize(
    ("recipients", "expected"),
    [
        ((f"meet+{LINK}@gov.cn",), (LINK,)),
        ((f" Meet+{LINK.upper()}@GOV.cn ", f"meet+{LINK}@gov.cn"), (LINK,)),
        ((f"meet+{LINK}@gov.cn.evil.example", f"other+{LINK}@gov.cn", "meet@gov.cn", "meet+@gov.cn"), ()),
        ((f"meet+{LINK[:-1]}@gov.cn", f"meet+{LINK}x@gov.cn", f"meet+{LINK[:-1]}%@gov.cn"), ()),
    ],
)
def test_the_own_address_is_told_exactly(recipients: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert link_ids(recipients, "meet@gov.cn") == expected


@given(st.text())
def test_what_strangers_write_is_harmless(text: str) -> None:
    for tidied in (tidy_line(text, 80), tidy_block(text, 80)):
        assert len(tidied) <= 80
        assert not set(tidied) & set("\0\r\u202e\u2028\ufeff\x85")
        tidied.encode("utf-8")
    assert "\n" not in tidy_line(text, 80)


SHARE = st.floats(0, 1)


@pytest.fixture
def here(app: Flask) -> World:
    return world()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(noise=st.binary(max_size=300), first=SHARE, last=SHARE, alone=st.booleans())
def test_any_octets_are_taken_in_and_change_nobody(
    here: World, noise: bytes, first: float, last: float, alone: bool
) -> None:
    """Noise, and broken pieces of an answer that nothing vouches for."""
    whole = reply(here.meeting, here.li, by_token=False)
    start, end = sorted(int(share * len(whole)) for share in (first, last))
    taken = take(noise if alone else whole[:start] + noise + whole[end:])
    assert taken.id
    assert (again(here.li).reply, again(here.wang).reply) == (Reply.PENDING, Reply.PENDING)
    assert {each.state for each in entries()} <= {EntryState.WAITING, EntryState.KEPT}
