"""Pages: the public site's first page and search, home, a meeting's overview, and what machines ask."""

from eventsys.overview.views import log, machine, public, workspace

blueprints = (log.bp, machine.bp, public.bp, workspace.bp)
