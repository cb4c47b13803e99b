"""The envelope of a mail: who sent it, who gets it, and what the client asked for (RFC 5321, 3461, 4865)."""

from operator import attrgetter

import msgspec

_ADDRESS = attrgetter("address")


class ForwardPath(msgspec.Struct, frozen=True):
    """One recipient of the envelope with its DSN parameters (RFC 3461).

    `address` is a mailbox `local@domain` as returned by `mail.address.parse`: its domain is in lower case.
    `notify` is () when the client said nothing, else ("NEVER",) or some of SUCCESS, FAILURE, DELAY.
    `orcpt` is the raw value, such as "rfc822;a+40b@c" ("" when absent).
    """

    address: str
    notify: tuple[str, ...] = ()
    orcpt: str = ""

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


class Envelope(msgspec.Struct, frozen=True):
    """Reverse-path, forward-paths and the MAIL parameters that are passed on.

    `reverse_path` is "" for the null reverse-path. `ret` is "", "FULL" or "HDRS"; `body` is "", "7BIT",
    "8BITMIME" or "BINARYMIME".
    `hold_for` (seconds) and `hold_until` (UTC seconds), 0 when not asked for: before that it shall not leave (RFC 4865);
    these are for us, and are not passed on.
    """

    reverse_path: str
    forward_paths: tuple[ForwardPath, ...] = ()
    ret: str = ""
    envid: str = ""
    body: str = ""
    smtputf8: bool = False
    hold_for: int = 0
    hold_until: float = 0.0

    @property
    def recipients(self) -> tuple[str, ...]:
        return tuple(map(_ADDRESS, self.forward_paths))
