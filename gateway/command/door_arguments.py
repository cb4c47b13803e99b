"""What may stand behind the commands that let somebody in at the console's door. What does it is loaded when it is asked for."""

import argparse
import asyncio
from collections.abc import Callable

from config.settings_file import load_settings_of

Add = Callable[[str, object, str], argparse.ArgumentParser]
"""Makes a command of this name, which is run by this function."""


def add(command: Add, tenant: Callable[[argparse.ArgumentParser], None]) -> None:
    """Add these commands; `tenant` adds the option that says whose an account is."""
    for name, run, text in (
        ("login-link", _login_link, "print a one-time link to the console for an account"),
        ("reset-factor", _reset_factor, "take the second factor from an account that lost it"),
    ):
        made = command(name, run, text)
        made.add_argument("login")
        tenant(made)


def _login_link(options: argparse.Namespace) -> int:
    from gateway.command import operator

    settings = load_settings_of(options.config, options.tenant)
    return asyncio.run(operator.login_link(settings, options.tenant, options.login))


def _reset_factor(options: argparse.Namespace) -> int:
    from gateway.command import operator

    settings = load_settings_of(options.config, options.tenant)
    return asyncio.run(operator.reset_factor(settings, options.tenant, options.login))
