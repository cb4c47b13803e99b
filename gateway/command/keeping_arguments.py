"""What may stand behind the commands that keep an installation: keys, backup, restore, upgrade, database, evidence. What does it is loaded when it is
asked for."""

import argparse
import asyncio
from collections.abc import Callable

from config.settings_file import load_settings

Add = Callable[[str, object, str], argparse.ArgumentParser]
"""Makes a command of this name, which is run by this function."""


def add(command: Add) -> None:
    """Add these commands."""
    from gateway.command import backup, database, evidence, keys, restore, upgrade

    keys.arguments(command("keys", _keys, "the master key: what lies under it, a new one"))
    backup.arguments(
        command("backup", _backup, "make a backup beside the node that runs; prove one; list them")
    )
    restore.arguments(
        command("restore", _restore, "put a backup back; without --do it is only said what would be done")
    )
    upgrade.arguments(command("upgrade", _upgrade, "say what this version would change, and what it needs"))
    database.arguments(
        command("database", _database, "whether the database itself keeps organisations apart; have it do so")
    )
    proof = command("evidence", _evidence, "what is kept about a mail in one signed file; verify such a file")
    evidence.arguments(proof)


def _keys(options: argparse.Namespace) -> int:
    from gateway.command import keys

    return asyncio.run(keys.run(load_settings(options.config), options))


def _backup(options: argparse.Namespace) -> int:
    from gateway.command import backup

    return asyncio.run(backup.run(load_settings(options.config), options))


def _restore(options: argparse.Namespace) -> int:
    from gateway.command import restore

    return asyncio.run(restore.run(load_settings(options.config), options))


def _upgrade(options: argparse.Namespace) -> int:
    from gateway.command import upgrade

    return asyncio.run(upgrade.run(load_settings(options.config), options))


def _database(options: argparse.Namespace) -> int:
    from gateway.command import database

    return asyncio.run(database.run(load_settings(options.config), options))


def _evidence(options: argparse.Namespace) -> int:
    from gateway.command import evidence

    if options.action == "verify":
        return evidence.verify(options.file, options.key, options.heads)
    return evidence.run(load_settings(options.config), options)
