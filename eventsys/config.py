"""One typed settings object, read from the environment once."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

WEAK_SECRET = 32
LONGEST_QUIET = 24 * 60


class ConfigurationError(Exception):
    """The environment does not allow a safe start; the message says which variable and what to set."""


class Mode(StrEnum):
    """How strict the start is: production refuses what development invents."""

    PRODUCTION = "production"
    DEVELOPMENT = "development"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class MailSettings:
    """Where letters go: an SMTP relay, or the local mailbox when `host` is empty.

    `seconds` is how long one letter may take, with its connection, whatever the relay does.
    `query` names a relay that can be asked what became of a letter ("postfix": by its mail log and its queue).
    `domain_workers` is how many workers write to one domain at a time (0: any number), `domain_rates` how many letters
    a minute a domain is given.
    """

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = field(default="", repr=False)
    security: str = "none"
    sender: str = "meetings@localhost"
    seconds: int = 60
    query: str = ""
    log: Path = Path("/var/log/mail.log")
    postfix_folder: str = ""
    domain_workers: int = 2
    domain_rates: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """Where answers come in: an IMAP mailbox that the worker reads, none when `host` is empty.

    `authserv_id` is the name under which our own mail server writes Authentication-Results (RFC 8601); without it
    nobody is vouched for. `keep_days` is how long messages are kept as they came.
    """

    host: str = ""
    port: int = 993
    user: str = ""
    password: str = field(default="", repr=False)
    security: str = "tls"
    folder: str = "INBOX"
    poll_seconds: int = 60
    authserv_id: str = ""
    keep_days: int = 180


@dataclass(frozen=True, slots=True)
class QuietSettings:
    """How long a change of a meeting that people know of waits for further edits, and the longest it ever waits."""

    minutes: int = 5
    longest: int = 240


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
    mailbox: MailboxSettings = field(default_factory=MailboxSettings)
    quiet: QuietSettings = field(default_factory=QuietSettings)
    calendar_fetches: int = 60

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
        quiet=_quiet(env),
        mailbox=_mailbox(env),
        calendar_fetches=_number(env, "EVENTSYS_CALENDAR_FETCHES", 60),
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
        seconds=_within(env, "EVENTSYS_SMTP_SECONDS", 60, 1, 60),
        query=_one_of(env, "EVENTSYS_RELAY_QUERY", ("", "postfix")),
        log=Path(env.get("EVENTSYS_SMTP_LOG", "/var/log/mail.log")),
        postfix_folder=env.get("EVENTSYS_POSTFIX_FOLDER", ""),
        domain_workers=_number(env, "EVENTSYS_DOMAIN_WORKERS", 2),
        domain_rates=_rates(env, "EVENTSYS_DOMAIN_RATES"),
    )


def _within(env: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    number = _number(env, name, default)
    if not least <= number <= most:
        raise ConfigurationError(f"{name}={number}: use a number between {least} and {most}")
    return number


def _one_of(env: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    text = env.get(name, choices[0])
    if text not in choices:
        raise ConfigurationError(f"{name}={text}: use {' or '.join(filter(None, choices))}, or leave it out")
    return text


def _rates(env: Mapping[str, str], name: str) -> tuple[tuple[str, int], ...]:
    """`qq.com=20,163.com=30` as pairs."""
    pairs = [each.strip().partition("=") for each in env.get(name, "").split(",") if each.strip()]
    if any(not domain or not (rate.isascii() and rate.isdigit() and int(rate)) for domain, _is, rate in pairs):
        raise ConfigurationError(f"{name}={env[name]}: use domain=letters a minute, such as qq.com=20,163.com=30")
    return tuple((domain.strip().lower(), int(rate)) for domain, _is, rate in pairs)


def _mailbox(env: Mapping[str, str]) -> MailboxSettings:
    security = env.get("EVENTSYS_IMAP_SECURITY", "tls")
    if security not in {"none", "starttls", "tls"}:
        raise ConfigurationError(f"EVENTSYS_IMAP_SECURITY={security}: use tls, starttls or none")
    return MailboxSettings(
        host=env.get("EVENTSYS_IMAP_HOST", ""),
        port=_number(env, "EVENTSYS_IMAP_PORT", 993 if security == "tls" else 143),
        user=env.get("EVENTSYS_IMAP_USER", ""),
        password=env.get("EVENTSYS_IMAP_PASSWORD", ""),
        security=security,
        folder=env.get("EVENTSYS_IMAP_FOLDER", "INBOX"),
        poll_seconds=max(1, _number(env, "EVENTSYS_IMAP_POLL_SECONDS", 60)),
        authserv_id=env.get("EVENTSYS_AUTHSERV_ID", ""),
        keep_days=_number(env, "EVENTSYS_INCOMING_KEEP_DAYS", 180),
    )


def _quiet(env: Mapping[str, str]) -> QuietSettings:
    quiet = QuietSettings(
        _number(env, "EVENTSYS_QUIET_MINUTES", 5), _number(env, "EVENTSYS_QUIET_LONGEST_MINUTES", 240)
    )
    if not quiet.minutes <= quiet.longest <= LONGEST_QUIET:
        raise ConfigurationError(
            f"EVENTSYS_QUIET_LONGEST_MINUTES={quiet.longest}: use a number between EVENTSYS_QUIET_MINUTES"
            f" ({quiet.minutes}) and {LONGEST_QUIET}"
        )
    return quiet
