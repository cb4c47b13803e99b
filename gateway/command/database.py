"""`sekisho database`: whether PostgreSQL itself keeps organisations apart, and `secure`, which makes it do so (docs/tenants.md)."""

import argparse
import asyncio

from config.policy import ConfigError
from config.settings import Settings
from gateway.from_settings import database_password
from storage.database import apart, secure


def arguments(command: argparse.ArgumentParser) -> None:
    """What may stand behind `sekisho database`."""
    command.add_argument(
        "what",
        nargs="?",
        choices=("secure",),
        help="put the border up, or complete it; nodes are stopped for the first time",
    )


async def run(settings: Settings, options: argparse.Namespace) -> int:
    """0 where the database keeps tenants apart, or need not; 1 where it could and does not."""
    url, password = settings.database_url, database_password(settings)
    if options.what == "secure":
        found = await asyncio.to_thread(secure, url, password)
        if found is None:
            raise ConfigError(["database secure: SQLite has no roles; it is for PostgreSQL"])
        print(f"{len(found)} tables are behind the border between organisations")
    state = await asyncio.to_thread(apart, url, password)
    if state is None:
        print("SQLite: nobody but the node opens the file; its statements keep organisations apart")
        return 0
    if state.whole:
        print("the database itself keeps organisations apart")
        if state.owns:
            print(f"{state.login} owns the tables, and could change that; a node may have a login of its own")
        return 0
    print("the node's statements keep organisations apart; the database itself does not yet")
    if state.first:
        print("first, said by a superuser of PostgreSQL:")
        for statement in state.first:
            print(f"  {statement};")
    print("then, with all nodes stopped: sekisho database secure")
    return 1
