"""Where a request comes from: a proxy's word counts only as far as the settings say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask, request

from eventsys import create_app
from eventsys.config import ConfigurationError, Settings, from_environment

FORWARDED = {"X-Forwarded-For": "198.51.100.7, 203.0.113.9", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil"}


def seen_by(app: Flask) -> tuple[str | None, str]:
    """The address and the host's URL as the application takes them for a request with all the headers."""
    found: list[tuple[str | None, str]] = []
    app.before_request(lambda: found.append((request.remote_addr, request.host_url)))
    app.test_client().get("/healthz", headers=FORWARDED)
    return found[0]


@pytest.mark.parametrize(
    ("proxies", "expected"),
    [
        (0, ("127.0.0.1", "http://localhost/")),
        (1, ("203.0.113.9", "https://localhost/")),
    ],
)
def test_only_as_many_proxies_are_believed_as_there_are(
    settings: Settings, proxies: int, expected: tuple[str, str]
) -> None:
    assert seen_by(create_app(replace(settings, trusted_proxies=proxies))) == expected


@pytest.mark.parametrize("text", ["yes", "-1", ""])
def test_another_number_of_proxies_is_refused(settings: Settings, text: str) -> None:
    environment = {"EVENTSYS_MODE": "test", "EVENTSYS_DATA": str(settings.data), "EVENTSYS_TRUSTED_PROXIES": text}
    with pytest.raises(ConfigurationError, match="EVENTSYS_TRUSTED_PROXIES"):
        from_environment(environment)
