"""Pages: the public's, the workspace's list, the desk of a meeting's notice, and the acts of its review."""

from __future__ import annotations

from eventsys.notices.views import acts, desk, lists, public

blueprints = (public.bp, lists.bp, desk.bp, acts.bp)
