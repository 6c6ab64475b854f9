#!/bin/sh
# What a mail server's pipe runs for each message to the office's address (see docs/operations.md). Owned by root, mode
# 0755; the pipe's user has to be able to read /etc/eventsys.env. Every failure is one after which the server tries again.
EVENTSYS=/opt/eventsys/.venv/bin/eventsys
[ -r /etc/eventsys.env ] && [ -x "$EVENTSYS" ] || exit 75
set -a
. /etc/eventsys.env
set +a
exec "$EVENTSYS" mail-in
