"""What the console is given: the parts of the running program that its pages use."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from config.policy import Policy
from console.desk import Desk
from console.office import Office
from console.sessions import Sessions
from directory.account import Account
from directory.listings import Listings
from directory.people import People
from directory.vault import Vault
from quarantine.item import Item
from quarantine.reported.closing import Closing
from quarantine.reported.reports import Reports
from quarantine.reported.sightings import Sightings
from quarantine.requests import Requests
from quarantine.rights import Actor
from quarantine.store import Store

Authenticate = Callable[[str, str, str, str, str], Awaitable[Account | None]]
"""(login, password, peer, tenant or EVERY, cookie of a known device) -> account or None; raises
TooManyFailures (directory/logins.py)."""
Unlock = Callable[[Item, str, Actor], Awaitable[str]]
"""(held item, password, who entered it) -> what came of it (gateway/unlock.py)."""


async def _locked(item: Item, password: str, actor: Actor) -> str:
    return "busy"


@dataclass(slots=True)
class Context:
    """The parts behind the pages.

    base_url    how people reach the console; with https its cookies are Secure and bound to the host
    desk        opens contents, and writes down who looked
    office      changes lists and agreements, and writes down who did
    device      a cookie that says on this device the account has logged in
    policy      the policy in force now
    margin      seconds by which the server waits longer than the countdown shows: a click at 0:01 is in time
    closing     the one step with which an administrator closes reports
    report_address   where people can forward suspicious mail, "" when there is none
    unlock      examines a held mail again with a password that its recipient typed
    keep_days   after which arriving mail that waits is not delivered any more
    """

    store: Store
    desk: Desk
    office: Office
    people: People
    vault: Vault
    sessions: Sessions
    authenticate: Authenticate
    device: Callable[[Account], str]
    policy: Callable[[], Policy]
    listings: Listings
    reports: Reports
    sightings: Sightings
    closing: Closing
    base_url: str = ""
    margin: float = 5.0
    timezone: str = "Asia/Tokyo"
    report_address: str = ""
    clock: Callable[[], float] = time.time
    unlock: Unlock = _locked
    keep_days: int = 30

    @property
    def requests(self) -> Requests:
        return Requests(self.store)

    @property
    def secure(self) -> bool:
        return self.base_url.startswith("https:")
