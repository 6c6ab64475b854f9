"""`python -m eventsys`: the same as the command `eventsys`."""

from eventsys.cli import main

main()
