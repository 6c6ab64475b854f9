"""Pages: the public site's first page, search, home, a meeting's overview, and what machines ask."""

from __future__ import annotations

from eventsys.overview import machine, public, workspace

blueprints = (machine.bp, public.bp, workspace.bp)
