"""What two organizations are asked for beside their posts at the coming meeting, and one that has longer to answer."""

from __future__ import annotations

from datetime import timedelta

from eventsys.core.actor import Actor
from eventsys.core.transaction import write
from eventsys.directory.sample import SampleCity
from eventsys.invitations.models import Ask
from eventsys.invitations.operations.send import mark_of_list, send_prepared
from eventsys.invitations.queries import send as sending
from eventsys.meetings.models import Meeting
from eventsys.quotas.operations.ask import Note, ask_organizations
from eventsys.quotas.operations.extend import extend
from eventsys.quotas.queries.demand import Demand, Way
from eventsys.quotas.queries.one import find_ask, mark_of_readers, readers_of_extension
from eventsys.quotas.queries.proposal import mark_of_proposal, propose

LARGE, FAR = "沈河区", "康平县"
WANTED = Note("从事外事翻译、因公出国（境）管理的业务骨干。", "Staff who interpret, or who look after official travel.")


def play_asks(city: SampleCity, meeting: Meeting, by: Actor) -> None:
    """The district with most consulates sends two more, its places told to its liaison; the farthest has a day more."""
    named = {part.name_zh: part.id for part in city.parts}
    demand = Demand(Way.NAMED, organization_ids=(named[LARGE],), further=2, observers=1)
    with write():
        shown = mark_of_proposal(meeting, propose(meeting, demand, by))
        ask_organizations(meeting, demand, demand.organization_ids, WANTED, shown, by=by)
    with write():
        going = sending.outgoing(meeting)
        if going.liaisons:
            reachable = [row for row in going.invitees if row.has_address]
            send_prepared(meeting, mark_of_list(meeting, reachable, going.liaisons), by=by)
    with write():
        row = _ask(meeting, named[FAR])
        until = (meeting.reply_by or meeting.starts_at) + timedelta(days=1)
        extend(row, until, row.version, mark_of_readers(row, readers_of_extension(row)), by=by)


def _ask(meeting: Meeting, organization_id: int) -> Ask:
    found = find_ask(meeting.id, organization_id)
    assert found is not None
    return found
