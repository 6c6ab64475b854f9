"""Who gets the pages of asking organizations."""

ASKS = {"administrator", "organizer"}

ROUTES: dict[str, set[str]] = {
    "ask.choose": ASKS,
    "ask.ask": ASKS,
}
