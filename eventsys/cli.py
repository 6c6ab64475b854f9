"""Commands: thin, each calls an operation."""

from __future__ import annotations

import click


@click.group()
def main() -> None:
    """Official meetings: convene, invite, reply, attend, publish."""
