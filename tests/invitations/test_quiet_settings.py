"""The installation says how long a change waits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from eventsys.config import ConfigurationError, QuietSettings, from_environment
from tests.conftest import SECRET
from tests.invitations.held import ROOM, held, told
from tests.invitations.test_held_pages import look, save


def quiet(data: Path, **variables: str) -> QuietSettings:
    environment = {"EVENTSYS_MODE": "test", "EVENTSYS_DATA": str(data), "EVENTSYS_SECRET_KEYS": SECRET}
    return from_environment({**environment, **variables}).quiet


def test_five_minutes_and_four_hours_unless_said_otherwise(tmp_path: Path) -> None:
    assert quiet(tmp_path) == QuietSettings(5, 240)
    wanted = {"EVENTSYS_QUIET_MINUTES": "0", "EVENTSYS_QUIET_LONGEST_MINUTES": "1440"}
    assert quiet(tmp_path, **wanted) == QuietSettings(0, 1440)


@pytest.mark.parametrize(
    ("minutes", "longest"), [("241", "240"), ("5", "1441"), ("-1", "240"), ("5", "4"), ("five", "240")]
)
def test_what_cannot_be_is_refused_at_the_start(tmp_path: Path, minutes: str, longest: str) -> None:
    with pytest.raises(ConfigurationError, match="EVENTSYS_QUIET"):
        quiet(tmp_path, EVENTSYS_QUIET_MINUTES=minutes, EVENTSYS_QUIET_LONGEST_MINUTES=longest)


@pytest.mark.parametrize(("minutes", "chosen", "own"), [(0, "0", ""), (15, "15", ""), (25, "own", "25")])
def test_the_page_offers_the_installation_s_own(app: Flask, browse, minutes: int, chosen: str, own: str) -> None:
    before = app.extensions["eventsys.settings"]
    app.extensions["eventsys.settings"] = replace(before, quiet=QuietSettings(minutes, 60))
    try:
        case = told()
        client = browse(case.by)
        text = look(client, case, venue_zh=ROOM)
        assert f'value="{chosen}" checked' in text
        assert save(client, case, text, quiet="own", quiet_own="61") == 422
        assert save(client, case, text, quiet=chosen, quiet_own=own) == 302
    finally:
        app.extensions["eventsys.settings"] = before
    row = held(case)
    assert (row.quiet_minutes if row else 0) == minutes
