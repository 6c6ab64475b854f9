"""Commands: thin, each calls an operation."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask

from eventsys.accounts.commands import init, user


@click.group()
def main() -> None:
    """Official meetings: convene, invite, reply, attend, publish."""


@contextmanager
def plainly() -> Iterator[None]:
    """Say what is wrong in one line and end with exit code 1, instead of a stack trace."""
    from eventsys.config import ConfigurationError
    from eventsys.running import CannotRun
    from eventsys.schema import SchemaError

    try:
        yield
    except (ConfigurationError, SchemaError, CannotRun) as error:
        raise click.ClickException(str(error)) from error


@main.command()
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    envvar="PORT",
    default=8000,
    show_default=True,
    help="Where to listen; also by PORT.",
)
def run(port: int) -> None:
    """Web and worker together, for development and for trying it out.

    Brings the database up to date, fills an empty one with the sample city, prints the sign-ins, and serves until
    Ctrl-C. Data is kept in EVENTSYS_DATA (./data).
    """
    from eventsys import running

    os.environ["PORT"] = str(port)
    running.development()
    with plainly():
        running.run(port, click.echo)


@main.command()
def worker() -> None:
    """Send letters as they are queued, until Ctrl-C; the letter at hand is finished first.

    The queue is at EVENTSYS_QUEUE_URL: sqlite:///... (default: in the data folder), redis://... or postgresql://...
    """
    from eventsys import create_app, schema
    from eventsys import worker as work
    from eventsys.config import from_environment

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("huey").setLevel(logging.WARNING)
    with plainly():
        settings = from_environment()
        app = create_app(settings)
        schema.require_current(app)
        work.run(app, settings)


@main.command()
def migrate() -> None:
    """Bring the database up to date; refuses one that a later version has been at."""
    from eventsys import create_app, schema
    from eventsys.config import from_environment

    with plainly():
        schema.migrate(create_app(from_environment()))


@main.command("sample-data")
def sample_data() -> None:
    """Fill an empty database with the sample city and print its sign-ins."""
    from eventsys import create_app, running
    from eventsys.config import from_environment

    with plainly():
        app = create_app(from_environment())
        running.fill(app)
        click.echo(running.sign_ins(app))


def application() -> Flask:
    """The application on a database that is up to date, for commands that work in it."""
    from eventsys import create_app, schema
    from eventsys.config import from_environment

    with plainly():
        app = create_app(from_environment())
        schema.migrate(app)
    return app


main.context_settings["obj"] = application
main.add_command(init)
main.add_command(user)
