"""`sekisho device`: credentials of people's devices, listed, made and revoked by an operator (OUT-DEVICE)."""

import argparse
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from config.settings import Settings
from config.tenant import DEFAULT

if TYPE_CHECKING:
    from quarantine.service.handwork import Handwork


def arguments(command: argparse.ArgumentParser) -> None:
    """What may stand behind `sekisho device`."""
    actions = command.add_subparsers(dest="action", required=True, metavar="ACTION")
    shown = actions.add_parser("list", help="what there is, and when it was last used")
    shown.add_argument("login", nargs="?", default="")
    made = actions.add_parser("add", help="make one; its password is printed this once")
    made.add_argument("login")
    made.add_argument("name", help="what the device is called")
    made.add_argument(
        "--network",
        action="append",
        default=[],
        metavar="CIDR",
        help="from where alone it may be used; several",
    )
    made.add_argument(
        "--certificate", default="", metavar="SHA256", help="of the client certificate that it must show"
    )
    ended = actions.add_parser("revoke", help="end one at once")
    ended.add_argument("id")
    for each in (shown, made, ended):
        each.add_argument("--tenant", default=DEFAULT, help=f"whose ({DEFAULT})")
        each.add_argument("--config", type=Path, default=argparse.SUPPRESS, help="the settings file (TOML)")


async def run(settings: Settings, options: argparse.Namespace) -> int:
    """The action that was asked for; the exit status."""
    tenant = options.tenant
    if options.action == "add":
        return await add(settings, tenant, options.login, options.name, options.network, options.certificate)
    if options.action == "revoke":
        return await revoke(settings, tenant, options.id)
    return await show(settings, tenant, options.login)


def _hand(settings: Settings) -> "AbstractAsyncContextManager[Handwork]":
    from gateway.command.operator import hand  # the parser of the command line needs none of it

    return hand(settings)


async def show(settings: Settings, tenant: str, login: str = "") -> int:
    """A line for each: id, login, name, networks, last use."""
    async with _hand(settings) as work:
        devices = await work.devices(tenant, login)
    for device in devices:
        used = (
            _time(device.used_at, settings) + f" from {device.used_from}" if device.used_at else "never used"
        )
        bound = [*device.networks, *([f"certificate {device.certificate}"] if device.certificate else [])]
        print("\t".join([device.id, device.login, device.name, ", ".join(bound) or "anywhere", used]))
    return 0


async def add(
    settings: Settings,
    tenant: str,
    login: str,
    name: str,
    networks: Sequence[str] = (),
    certificate: str = "",
) -> int:
    """Make one, and print the password of the device: it is shown this once. 1 when it cannot be made."""
    from quarantine.item import NotAllowed

    async with _hand(settings) as work:
        try:
            password = await work.make_device(tenant, login, name, tuple(networks), certificate)
        except NotAllowed as error:
            print(f"not allowed: {error}")
            return 1
    if password is None:
        print(f"there is no account {login} in the tenant {tenant}")
        return 1
    print(f"login: {login}  password: {password}")
    return 0


async def revoke(settings: Settings, tenant: str, id: str) -> int:
    """End one, at once, in sessions that are open as well; 1 when there is none of this id."""
    async with _hand(settings) as work:
        gone = await work.revoke_device(tenant, id)
    print(f"{gone.id} of {gone.login} ({gone.name}) is revoked" if gone else f"there is no device {id}")
    return 0 if gone else 1


def _time(at: float | None, settings: Settings) -> str:
    return datetime.fromtimestamp(at or 0.0, ZoneInfo(settings.console.timezone)).strftime("%Y-%m-%d %H:%M")
