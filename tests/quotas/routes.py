"""Who gets the pages of asking organizations."""

ASKS = {"administrator", "organizer"}

ROUTES: dict[str, set[str]] = {
    "ask.choose": ASKS,
    "ask.ask": ASKS,
    "asks.index": ASKS,
    "asks.as_csv": ASKS,
    "asks.as_xlsx": ASKS,
    "ask_one.show": ASKS,
    "ask_one.extend_deadline": ASKS,
    "ask_one.letter": ASKS,
    "ask_one.link": ASKS,
}
