"""Who gets the pages of merging and handing over."""

ROUTES: dict[str, set[str]] = {
    "merging.list_likely": {"administrator"},
    "merging.keep_apart": {"administrator"},
    "merging.choose_other": {"administrator"},
    "merging.merge": {"administrator"},
}
