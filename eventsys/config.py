"""One typed settings object, read from the environment once."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

WEAK_SECRET = 32


class ConfigurationError(Exception):
    """The environment does not allow a safe start; the message says which variable and what to set."""


class Mode(StrEnum):
    """How strict the start is: production refuses what development invents."""

    PRODUCTION = "production"
    DEVELOPMENT = "development"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class MailSettings:
    """Where letters go: an SMTP relay, or the local mailbox when `host` is empty."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    security: str = "none"
    sender: str = "meetings@localhost"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between installations."""

    mode: Mode
    data: Path
    database_url: str
    secret_keys: tuple[str, ...]
    public_url: str
    queue_url: str
    rate_limit_url: str
    mail: MailSettings
    busy_timeout_ms: int = 30_000
    trusted_proxies: int = 0
    zone: str = "Asia/Shanghai"

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def host(self) -> str:
        """The host name of the public address; also the domain of UIDs and Message-IDs."""
        return urlsplit(self.public_url).hostname or "localhost"


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings. Raises `ConfigurationError` for a weak or missing secret or address in production."""
    env = os.environ if environment is None else environment
    mode = _mode(env)
    data = Path(env.get("EVENTSYS_DATA", "data")).resolve()
    data.mkdir(parents=True, exist_ok=True)
    return Settings(
        mode=mode,
        data=data,
        database_url=_database_url(env, data),
        secret_keys=_secret_keys(env, mode, data),
        public_url=_public_url(env, mode),
        queue_url=env.get("EVENTSYS_QUEUE_URL", f"sqlite:///{data / 'queue.db'}"),
        rate_limit_url=env.get("EVENTSYS_RATE_LIMIT_URL", "memory://"),
        mail=_mail(env),
        busy_timeout_ms=_number(env, "EVENTSYS_BUSY_TIMEOUT_MS", 30_000),
        trusted_proxies=_number(env, "EVENTSYS_TRUSTED_PROXIES", 0),
        zone=env.get("EVENTSYS_ZONE", "Asia/Shanghai"),
    )


def _mode(env: Mapping[str, str]) -> Mode:
    name = env.get("EVENTSYS_MODE", Mode.PRODUCTION.value)
    if name not in set(Mode):
        raise ConfigurationError(f"EVENTSYS_MODE={name}: use production, development or test")
    return Mode(name)


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, str(default))
    if not (text.isascii() and text.isdigit()):
        raise ConfigurationError(f"{name}={text}: use a whole number")
    return int(text)


def _database_url(env: Mapping[str, str], data: Path) -> str:
    return env.get("DATABASE_URL") or f"sqlite:///{data / 'eventsys.db'}"


def _secret_keys(env: Mapping[str, str], mode: Mode, data: Path) -> tuple[str, ...]:
    keys = tuple(key for key in env.get("EVENTSYS_SECRET_KEYS", "").split(",") if key)
    if not keys and mode is not Mode.PRODUCTION:
        keys = (_kept_secret(data / "secret.key"),)
    if not keys:
        raise ConfigurationError("EVENTSYS_SECRET_KEYS is missing: set a random text of 32 characters or more")
    if any(len(key) < WEAK_SECRET or len(set(key)) < 8 for key in keys):
        raise ConfigurationError("EVENTSYS_SECRET_KEYS is weak: every key needs 32 random characters or more")
    return keys


def _kept_secret(path: Path) -> str:
    if not path.exists():
        try:
            with path.open("x") as file:
                path.chmod(0o600)
                file.write(secrets.token_urlsafe(48))
        except FileExistsError:
            pass
    return path.read_text()


def _public_url(env: Mapping[str, str], mode: Mode) -> str:
    url = env.get("EVENTSYS_PUBLIC_URL", "")
    if not url and mode is Mode.PRODUCTION:
        raise ConfigurationError("EVENTSYS_PUBLIC_URL is missing: set the address that people open, https://…")
    return (url or f"http://127.0.0.1:{env.get('PORT', '8000')}").rstrip("/")


def _mail(env: Mapping[str, str]) -> MailSettings:
    return MailSettings(
        host=env.get("EVENTSYS_SMTP_HOST", ""),
        port=_number(env, "EVENTSYS_SMTP_PORT", 25),
        user=env.get("EVENTSYS_SMTP_USER", ""),
        password=env.get("EVENTSYS_SMTP_PASSWORD", ""),
        security=env.get("EVENTSYS_SMTP_SECURITY", "none"),
        sender=env.get("EVENTSYS_MAIL_FROM", "meetings@localhost"),
    )
