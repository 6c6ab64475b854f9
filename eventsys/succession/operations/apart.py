"""Two records that look alike are two people."""

from __future__ import annotations

from eventsys.core import audit
from eventsys.core.actor import Actor
from eventsys.core.errors import DomainError
from eventsys.core.language import gettext as _
from eventsys.directory.models import DistinctPeople
from eventsys.directory.operations import locked_person
from eventsys.extensions import db
from eventsys.succession.queries.likely import confirmed_distinct
from eventsys.succession.queries.merging import PersonPair


def keep_apart(pair: PersonPair, *, by: Actor) -> DistinctPeople:
    """Remember that these are two people, so that nobody is asked again. Raises `DomainError` when one was merged."""
    low, high = (locked_person(each) for each in sorted((pair.staying.id, pair.gone.id)))
    if confirmed_distinct(low.id, high.id) is not None:
        raise DomainError(_("Somebody said before that these are two people."))
    row = DistinctPeople(one_id=low.id, other_id=high.id)
    db.session.add(row)
    db.session.flush()
    audit.record("person.keep_apart", low, by=by, after={"apart_from": high.name("zh")}, label=low.name("zh"))
    return row
