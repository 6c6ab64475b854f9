"""Pages: letters and what became of them, and the local mailbox."""

from eventsys.delivery.views import letters, mailbox

blueprints = (letters.bp, mailbox.bp)
