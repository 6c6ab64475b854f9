"""Commands: thin, each calls an operation."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask

from eventsys.accounts.commands import init, user
from eventsys.exchange.commands import export_file, import_file


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


@main.command("mail-in")
@click.option("--dry-run", is_flag=True, help="Print what is understood of FILES, one JSON line each; touch nothing.")
@click.option("--invited", multiple=True, metavar="ADDRESS", help="With --dry-run: who was asked; again for each.")
@click.argument("files", nargs=-1, type=click.Path())
def mail_in(*, dry_run: bool, invited: tuple[str, ...], files: tuple[str, ...]) -> None:
    """Take in one message from standard input, as a mail server hands it over.

    Ends with 0 when the message is taken in, however often it comes, and with 75 (EX_TEMPFAIL) when it has to come
    again, because the database is away.

    With --dry-run FILES (.eml and .ics) are read instead, to see why something was not understood: that needs no
    database and no settings.
    """
    if not dry_run:
        if files or invited:
            raise click.UsageError("Files are only read with --dry-run; a message comes from standard input.")
        from eventsys.intake import take_in_from

        logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
        sys.exit(take_in_from(sys.stdin.buffer))
    from eventsys.mail.dry_run import line

    for path in files:
        click.echo(line(path, invited).encode("utf-8", "replace"))


@main.command()
def reindex() -> None:
    """Make the search index anew: after rows were changed past the application, or to be sure."""
    from eventsys.notices.operations.reindexing import reindex

    app = application()
    with app.app_context():
        reindex(click.echo)


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
main.add_command(import_file)
main.add_command(export_file)
main.add_command(user)
