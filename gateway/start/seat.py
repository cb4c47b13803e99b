"""Which of a node's processes this is, and what it has in common with the others (docs/adr/0029).

To the database each is a node: a name, leases and chains of the journal of its own. What there is once (the console, the
socket for commands, rounds, the people file) the first one does. Listening sockets and the tallies of all limits are
the same ones in all of them, inherited.
"""

import msgspec

from config.policies import TenantPolicies
from config.settings import LimitsSection
from directory import guesses
from gateway.listen.limits import ARRIVALS, PRESENT
from gateway.locked.shares import TIME
from gateway.start.claims import Claims
from gateway.start.sockets import Sockets
from storage.tally import SharedTally, Tallies


class Seat(msgspec.Struct, frozen=True):
    """Number 0 of 1, unless somebody says otherwise.

    claims, sockets   taken and opened already, by whoever forked us; None: they are ours to take
    policy            the one in force, where others of this node have run before us
    again             an earlier process of this number has ended while this node went on: nobody else has its leases
    """

    number: int = 0
    of: int = 1
    claims: Claims | None = None
    sockets: Sockets | None = None
    tallies: Tallies = Tallies()
    policy: TenantPolicies | None = None
    again: bool = False

    @property
    def first(self) -> bool:
        return self.number == 0

    def name(self, node: str) -> str:
        """That of this process in leases, in the journal and in the log."""
        return named(node, self.number)


def named(node: str, number: int) -> str:
    return f"{node}.{number + 1}" if number else node


def shared(limits: LimitsSection, seats: int) -> dict[str, SharedTally]:
    """The tallies of a node of several processes, by name."""
    widths = {PRESENT: seats, guesses.OPEN: seats, ARRIVALS: 2, TIME: 2}
    widths |= {guesses.table(kind): guesses.most(kind, limits.auth_failures) for kind in guesses.KINDS}
    return {name: SharedTally(width) for name, width in widths.items()}


def vacate(tallies: dict[str, SharedTally], number: int) -> None:
    """The process of this number has ended: what it counted has ended with it."""
    for name in (PRESENT, guesses.OPEN):
        with tallies[name]:
            tallies[name].clear(number)
