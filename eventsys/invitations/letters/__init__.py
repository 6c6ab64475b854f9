"""Letters."""

from eventsys.core.letters import Kind

KINDS: tuple[Kind, ...] = ()
