"""What happens to a mail for one recipient: a value with one operator.

`a | b` is a join: commutative, associative and idempotent, with PASS as its neutral element (proved in
tests/laws). Therefore the order of rules never matters, and one more rule can only make things stricter.
"""

from enum import IntEnum

import msgspec

from config.cases import Waits


class Disposition(IntEnum):
    """The outcome of a verdict, from mild to strict."""

    DELIVER = 0
    HOLD = 1
    REJECT = 2


class Verdict(msgspec.Struct, frozen=True):
    """Consequences of all findings that concern one recipient.

    rejects     names of rules that refuse the mail in the session
    holds       names of rules that want a person to look first
    approvals   who must approve, as chains (config/approval.py): "department_head", "department_head, then president"
    delay       seconds to wait (0: none; UNTIL_RELEASED: until somebody acts)
    rewrites    names of the changes to make (filters/rewrite.py)
    tells       names of rules whose findings only its sender is told of
    fixed       seconds of these that its sender cannot shorten
    opening     it waits for the next business hours
    reviews     names of rules that want its sender to look through it first
    waits       how it ends when nobody does anything, by those who make it wait (config.cases.strictest); none: as
                [waits] says when that time has come
    """

    rejects: frozenset[str] = frozenset()
    holds: frozenset[str] = frozenset()
    approvals: frozenset[str] = frozenset()
    delay: int = 0
    rewrites: frozenset[str] = frozenset()
    tells: frozenset[str] = frozenset()
    fixed: int = 0
    opening: bool = False
    reviews: frozenset[str] = frozenset()
    waits: frozenset[Waits] = frozenset()

    def __or__(self, other: "Verdict") -> "Verdict":
        if other is PASS:
            return self
        if self is PASS:
            return other
        return Verdict(
            self.rejects | other.rejects,
            self.holds | other.holds,
            self.approvals | other.approvals,
            max(self.delay, other.delay),
            self.rewrites | other.rewrites,
            self.tells | other.tells,
            max(self.fixed, other.fixed),
            self.opening or other.opening,
            self.reviews | other.reviews,
            self.waits | other.waits,
        )

    def __le__(self, other: "Verdict") -> bool:
        """True when `other` is at least as strict in every respect."""
        return self | other == other

    @property
    def disposition(self) -> Disposition:
        if self.rejects:
            return Disposition.REJECT
        if self.holds or self.approvals or self.delay or self.opening or self.reviews:
            return Disposition.HOLD
        return Disposition.DELIVER


PASS = Verdict()
