"""Pages: the public's, the workspace's list, the desk of a meeting's notice, and the acts of its review."""

from __future__ import annotations

from eventsys.notices.views import (
    acts,
    assigning,
    desk,
    files,
    house,
    lists,
    public,
    register,
    review,
    subscriptions,
    writing,
)

blueprints = (
    *(public.bp, files.bp, subscriptions.bp, subscriptions.links),
    *(lists.bp, desk.bp, house.bp, writing.bp, review.bp, assigning.bp, acts.bp, register.bp),
)
