"""Pages: letters and what became of them, the local mailbox, sending as a whole."""

from eventsys.delivery.views import letters, mailbox, sending

blueprints = (letters.bp, mailbox.bp, sending.bp)
