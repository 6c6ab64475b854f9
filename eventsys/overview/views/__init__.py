"""Pages: the public site's first page and search, home, a meeting's overview, and what machines ask."""

from eventsys.overview.views import machine, public, workspace

blueprints = (machine.bp, public.bp, workspace.bp)
