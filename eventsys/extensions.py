"""The libraries that are bound to the application once, in create_app; imports nothing of ours.

The database session is routed: it reads from an engine that refuses writes and writes only inside
`core.transaction.write()`, from an engine that opens its transactions with BEGIN IMMEDIATE on SQLite.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from flask_wtf import CSRFProtect
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

WRITING = "writing"
MARK = "mark"

NAMING_CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The typed base of every model."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


class RoutedSession(Session):
    """A session whose transactions are read-only unless `core.transaction.write()` opened them."""

    def get_bind(self, mapper: Any = None, clause: Any = None, bind: Any = None, **options: Any) -> Any:
        if bind is not None:
            return bind
        engines = self._db.engines
        return engines[None] if self.info.get(WRITING) else engines["read"]


# Errors of the database go to the log: without the values, which are people's.
db = SQLAlchemy(
    model_class=Base,
    session_options={"class_": RoutedSession},
    engine_options={"hide_parameters": True},
    disable_autonaming=True,
)
babel = Babel()
csrf = CSRFProtect()
limiter = Limiter(get_remote_address)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model
