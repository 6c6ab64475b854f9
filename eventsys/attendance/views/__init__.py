"""Pages of the door, and the organizer's view of the roll."""

from eventsys.attendance.views import door, roll

blueprints = (door.bp, roll.bp)
