"""Who gets each page of this room: administrators alone."""

ADMINISTRATOR = {"administrator"}

ROUTES: dict[str, set[str]] = {
    "exchange.index": ADMINISTRATOR,
    "exchange.export": ADMINISTRATOR,
    "exchange.template": ADMINISTRATOR,
    "exchange.begin": ADMINISTRATOR,
    "exchange.show": ADMINISTRATOR,
    "exchange.confirm": ADMINISTRATOR,
    "exchange.cancel": ADMINISTRATOR,
    "exchange.report": ADMINISTRATOR,
}
