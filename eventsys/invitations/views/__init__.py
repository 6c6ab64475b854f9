"""Pages of invitations, by use case; each file adds its blueprints here."""

from __future__ import annotations

from flask import Blueprint

from eventsys.invitations.views import (
    answer,
    attendee,
    change,
    held,
    leave,
    live,
    on_behalf,
    portal,
    prepare,
    replies,
    send,
)

blueprints: tuple[Blueprint, ...] = (
    prepare.bp,
    send.bp,
    change.bp,
    held.bp,
    answer.bp,
    replies.bp,
    attendee.bp,
    leave.bp,
    live.bp,
    on_behalf.bp,
    portal.bp,
)
