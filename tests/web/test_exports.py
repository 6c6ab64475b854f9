"""Files that leave the working pages are in the log."""

from __future__ import annotations

import logging

import pytest
from flask import Flask

from eventsys.core.actor import Role
from tests import factories as make
from tests.personas import Browse


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "eventsys.exports"]


def test_a_file_is_logged_with_who_took_it(app: Flask, browse: Browse, caplog: pytest.LogCaptureFixture) -> None:
    who = browse(make.actor((Role.ADMINISTRATOR, None)))
    with caplog.at_level(logging.INFO, "eventsys.exports"):
        size = len(who.get("/workspace/directory/people/export.csv?q=张三").data)
        who.get("/workspace/directory/people/")
        browse(None).get("/workspace/directory/people/export.csv")
        browse(make.actor((Role.CHECK_IN, None))).get("/workspace/directory/people/export.csv")
    assert lines(caplog) == [f"export account=1 address=- path=/workspace/directory/people/export.csv bytes={size}"]
