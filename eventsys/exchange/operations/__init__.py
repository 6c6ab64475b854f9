"""The verbs of imports and exports."""

from eventsys.exchange.operations.beginning import begin_import, cancel_import, record_export
from eventsys.exchange.operations.deciding import confirm_import
from eventsys.exchange.operations.holding import claim
from eventsys.exchange.operations.working import advance, forget_old

__all__ = ["advance", "begin_import", "cancel_import", "claim", "confirm_import", "forget_old", "record_export"]
