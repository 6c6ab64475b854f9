"""Who gets the pages of merging and handing over."""

ROUTES: dict[str, set[str]] = {
    "merging.list_likely": {"administrator"},
    "merging.keep_apart": {"administrator"},
    "merging.choose_other": {"administrator"},
    "merging.merge": {"administrator"},
    "handovers.index": {"administrator", "organizer"},
    "passing_on.pass_on": {"administrator", "liaison"},
    "handovers.decide": {"administrator", "organizer"},
}
