"""What the console is given: the service that its pages ask, and plain settings."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from config.tenant import DEFAULT
from quarantine.service.service import Services


@dataclass(slots=True)
class Context:
    """What is behind the pages.

    services    what pages ask and do, in the name of the session whose token came with the request
    base_url    how people reach the console; with https its cookies are Secure and bound to the host
    doors       hosts at which one tenant's people reach it -> whether by https
    timezone    in which times are told; `zones`: of tenants that have one of their own
    margin      seconds by which the server waits longer than the countdown shows: a click at 0:01 is in time
    reports     tenant -> where its people can forward suspicious mail, "" for nowhere; who is not in it has the house's
    keep_days   after which arriving mail that waits is not delivered any more
    language    of pages for strangers, while the service cannot be asked
    """

    services: Services
    base_url: str = ""
    margin: float = 5.0
    timezone: str = "Asia/Tokyo"
    reports: Mapping[str, str] = field(default_factory=dict)
    clock: Callable[[], float] = time.time
    keep_days: int = 30
    language: str = "ja"
    zones: Mapping[str, str] = field(default_factory=dict)
    doors: Mapping[str, bool] = field(default_factory=dict)

    def report_address(self, tenant: str) -> str:
        """Where that tenant's people can forward suspicious mail, "" when there is no such address."""
        return self.reports.get(tenant, self.reports.get(DEFAULT, ""))

    def zone(self, tenant: str) -> str:
        return self.zones.get(tenant, self.timezone)

    def secure(self, host: str) -> bool:
        """Whether people reach the console by https at this host (as `host_at` says it)."""
        return self.doors.get(host, self.base_url.startswith("https:"))


def host_at(header: str) -> str:
    """The Host field of a request as it is compared with `doors`."""
    return header[:300].lower()
