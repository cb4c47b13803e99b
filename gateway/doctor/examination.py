"""All checks of the doctor, one after the other, for the settings of one node.

    found = await examination.examine(path, resolver, addresses=("203.0.113.5",))

Each check that breaks is an ailment itself: the others go on.
"""

import asyncio
import ipaddress
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path

from config.policy import ConfigError
from config.settings import Settings
from gateway.doctor import domains, machine, reach
from gateway.doctor.ailment import Ailment, fails
from gateway.doctor.backups import of_backups
from gateway.from_settings import resolver_of, signers_of
from gateway.resolver import Dns, Resolver
from gateway.start.configuration import Configuration
from gateway.start.materials import named_files
from storage.interfaces import StoreError
from storage.writer import text_of_error

CHECKS = (
    "config", "files", "disk", "clock", "sandbox", "store", "journal", "backup", "tls", "ports", "hops", "scanner",
    "hostname", "ptr", "mx", "spf", "dkim", "dmarc",
)  # fmt: skip
"""What is looked at, in this order."""


async def examine(
    path: Path | None, resolver: Resolver | None = None, addresses: Sequence[str] = ()
) -> list[Ailment]:
    """Everything that is wrong with the installation whose settings file this is. `addresses`: from which our mail reaches
    the internet, where that is neither the relay's nor our host name's. `resolver`: in the place of the settings' own."""
    found = await asyncio.to_thread(Configuration, path)
    settings = found.settings
    ailments = list(machine.of_problems(found.problems))
    asked: list[tuple[str, Callable[[], Awaitable[Iterable[Ailment]]]]] = [
        ("files", _now(lambda: machine.of_files(settings, named_files(settings)))),
        ("disk", _now(lambda: machine.of_disk(settings))),
        ("clock", _now(machine.of_clock)),
        ("sandbox", _now(machine.of_sandbox)),
        ("store", lambda: _all(settings)),
        ("journal", _now(lambda: machine.of_heads(settings))),
        ("backup", lambda: _backups(settings)),
        ("tls", _now(lambda: machine.of_certificate(settings))),
        ("ports", _now(lambda: reach.of_ports(settings))),
        ("hops", lambda: reach.of_hops(settings)),
        ("scanner", lambda: reach.of_scanner(settings)),
        ("dns", lambda: _dns(found, resolver or resolver_of(settings) or Dns(), addresses)),
    ]
    for name, check in asked:
        try:
            ailments += await check()
        except (OSError, ValueError, ConfigError, StoreError) as error:
            ailments.append(fails(name, "check_broken", check=name, why=text_of_error(error)))
    return ailments


def _now(check: Callable[[], Iterable[Ailment]]) -> Callable[[], Awaitable[Iterable[Ailment]]]:
    """A check that blocks, in a thread."""

    async def run() -> list[Ailment]:
        return await asyncio.to_thread(lambda: list(check()))

    return run


async def _all(settings: Settings) -> list[Ailment]:
    return [each async for each in reach.of_store(settings)]


async def _backups(settings: Settings) -> list[Ailment]:
    return [each async for each in of_backups(settings)]


async def _dns(found: Configuration, resolver: Resolver, said: Sequence[str]) -> list[Ailment]:
    settings, organisation = found.settings, found.policy.organisation
    senders = list(said) or await _senders(settings, resolver)
    try:
        signers = signers_of(settings)
    except ConfigError:
        signers = {}  # check-config has said so
    ailments = await domains.of_host(settings.hostname, senders, resolver)
    for domain in organisation.domains:
        signer = signers.get(domain.lower())
        ailments += await domains.of_domain(domain, settings.hostname, senders, signer, resolver)
    return ailments


async def _senders(settings: Settings, resolver: Resolver) -> list[str]:
    """From where our mail leaves for the internet: the relay's addresses, or ours where the relay is in the house."""
    if settings.relay is not None:
        relay = await domains.addresses(settings.relay.host, resolver)
        if relay and not any(ipaddress.ip_address(each).is_private for each in relay):
            return relay
    return await domains.addresses(settings.hostname, resolver)
