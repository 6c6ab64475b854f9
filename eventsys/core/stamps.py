"""Version numbers of whole collections, so that a list or a feed answers 304 from one small row.

A number rises within the transaction of the change. The row lock puts concurrent changes in order, which neither the
newest modification time nor the highest id would: those can stand still while a slower transaction commits.
"""

from __future__ import annotations

from sqlalchemy import String, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.core import reading
from eventsys.extensions import Model, db

MEETINGS = "meetings"
NOTICES = "notices"
OFFICES = "offices"


class Stamp(Model):
    """The number of one collection as the public sees it."""

    __tablename__ = "stamp"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int]


_RAISE = update(Stamp).where(Stamp.name == bindparam("which")).values(number=Stamp.number + 1)


def raise_stamp(name: str) -> None:
    """Count one visible change of the collection; call inside the unit of work that makes it."""
    connection = db.session.connection()
    if connection.execute(_RAISE, {"which": name}).rowcount:
        return
    try:
        with db.session.begin_nested():
            connection.execute(insert(Stamp), {"name": name, "number": 1})
    except IntegrityError:
        connection.execute(_RAISE, {"which": name})


def stamps(*names: str) -> tuple[int, ...]:
    """The numbers of the collections, in the order asked for, from one query; 0 before the first change."""
    found = {row.name: row.number for row in reading.rows(_ALL)}
    return tuple(found.get(name, 0) for name in names)


_ALL = select(Stamp.name, Stamp.number)
