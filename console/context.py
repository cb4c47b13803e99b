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

    def report_address(self, tenant: str) -> str:
        """Where that tenant's people can forward suspicious mail, "" when there is no such address."""
        return self.reports.get(tenant, self.reports.get(DEFAULT, ""))

    @property
    def secure(self) -> bool:
        return self.base_url.startswith("https:")
