"""Pages: what came back by mail, the tray of what waits for somebody, one entry with what can be done."""

from __future__ import annotations

from eventsys.incoming.views import entry, lists

blueprints = (lists.bp, entry.bp)
