"""What one of several organisations has of its own (OPS-TENANT, docs/tenants.md); the house's settings stand for the rest."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from config.next_hop import NextHopSection
from config.section import MailAddress, Network, Section, TenantName, Zone
from config.tenant import DEFAULT


class TenantSection(Section):
    """[tenants.NAME]: an organisation with a policy, people and next hops of its own.

    policy          its policy file: its own domains stand there, with partners, rules and limits of senders
    presets         that lie under it
    people          its people file, in which nobody names a tenant; without one, its people stand in the house's
    relay, mailbox  its next hops; without them, the house's
    routes          exceptions by recipient domain; the house's do not count for it
    report_address  to which its people forward suspicious mail; empty: none
    report_networks hosts of its own that send reports
    sender          header From of our letters to its people; empty: the house's
    postmaster      who hears that its mailbox host refuses mail that we took, and of next hops that keep its mail waiting;
                    empty: postmaster@ its first domain
    contact         whom its people call, as in [notices]; empty: the house's
    base_url        how its people reach the console: in letters, and whoever comes to that host is asked for an account
                    of this organisation, in its language; empty: the house's
    timezone        in which its days begin and times are told; without one, the house's
    """

    policy: Path
    presets: tuple[str, ...] = ()
    people: Path | None = None
    relay: NextHopSection | None = None
    mailbox: NextHopSection | None = None
    routes: dict[str, NextHopSection] = Field(default={})
    report_address: MailAddress = ""
    report_networks: tuple[Network, ...] = ()
    sender: str = ""
    postmaster: str = ""
    contact: str = ""
    base_url: str = ""
    timezone: Zone | None = None


def _not_the_house(tenants: Mapping[str, TenantSection]) -> Mapping[str, TenantSection]:
    if DEFAULT in tenants:
        raise ValueError(f'"{DEFAULT}" is the house itself: what it has stands above, outside of [tenants]')
    return tenants


Tenants = Annotated[dict[TenantName, TenantSection], AfterValidator(_not_the_house)]
