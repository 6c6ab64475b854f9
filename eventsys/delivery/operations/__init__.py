"""Verbs of letters: taking them from the outbox, marking what became of each, sending once more."""

from eventsys.delivery.operations.again import present_addresses, send_again, send_all_again
from eventsys.delivery.operations.bounce import mark_bounced
from eventsys.delivery.operations.claim import Claim, Claimed, claim, keep, put_back
from eventsys.delivery.operations.heartbeat import beat, leave
from eventsys.delivery.operations.mark import mark_deferred, mark_failed, mark_sent
from eventsys.delivery.operations.pausing import pause_sending, resume_sending

__all__ = [
    "Claim",
    "Claimed",
    "beat",
    "claim",
    "keep",
    "leave",
    "mark_bounced",
    "mark_deferred",
    "mark_failed",
    "mark_sent",
    "pause_sending",
    "present_addresses",
    "put_back",
    "resume_sending",
    "send_again",
    "send_all_again",
]
