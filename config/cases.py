"""When a rule's consequence is another one than usual: groups, cases and exceptions, as the policy file writes them.

Values only; filters.decision.decide asks them about a mail. A case may shorten or lengthen a delay and make anything
stricter; what asks for agreement, changes, refuses or holds a mail is loosened only by an exception, which has an
owner, a reason, somebody who agreed, and an end (OPS-EXCEPTION).
"""

import datetime
import re
from collections.abc import Iterable
from typing import Literal, TypeVar

import msgspec

from config.words import known

Names = str | tuple[str, ...]
"""One name or several; several: any of them."""

BUILT_IN = ("internal", "group", "external")
"""Groups of addresses that nobody has to write down: our own domains, those and the group companies', all but our own."""

SIZE = re.compile(r"(\d{1,6})\s*(kB|MB)", re.ASCII)
DAYS = re.compile(r"(\d{1,4})\s*d", re.ASCII)
"""How sizes and numbers of days are written."""


class Staff(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Our own people, by what the directory says of them: whoever all of these fit.

    attributes      attribute -> its values
    leaving_within  such as "30d": their last day is that near, or was
    """

    department: Names = ()
    role: Names = ()
    addresses: Names = ()
    attributes: dict[str, Names] = {}
    leaving_within: str = ""

    @property
    def leaving_days(self) -> int | None:
        """None when not asked for. Raises ValueError for another form than "30d"."""
        return None if not self.leaving_within else days(self.leaving_within)


class Recipients(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Addresses, ours or others', by what is known of them: all of these together.

    domains    with everything below them
    partners   names of organisation.partners: all their domains
    """

    domains: Names = ()
    addresses: Names = ()
    partners: Names = ()


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Staff of ours, or addresses: one of the two."""

    people: Staff | None = None
    recipients: Recipients | None = None

    @property
    def empty(self) -> bool:
        """True when it names nobody."""
        kinds = (self.people, self.recipients)
        return not any(k is not None and any(msgspec.structs.astuple(k)) for k in kinds)


class When(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"sender": "from", "of": "class"}):
    """What must be so for a case; all that is said must be. Nothing said: always.

    sender           in the file `from`: groups of people (a leaving mail) or of addresses (an arriving one's author)
    to               groups of addresses or people; decided for each recipient
    of               in the file `class`: the most confidential class that was found is this one or above
    size_over        such as "10 MB", of the whole mail
    recipients_over  more recipients than this, external ones
    hours            "business" or "outside": when the mail was accepted, by [calendar]
    risk_below       the points of all factors of the risk together are fewer, for this recipient (OUT-MISSEND)
    risk_over        they are more
    """

    sender: Names = ()
    to: Names = ()
    of: str = ""
    size_over: str = ""
    recipients_over: int | None = None
    hours: Literal["", "business", "outside"] = ""
    risk_below: int | None = None
    risk_over: int | None = None

    @property
    def on_risk(self) -> bool:
        """True when it asks for the risk, which is known only after all rules looked."""
        return self.risk_below is not None or self.risk_over is not None

    @property
    def bytes_over(self) -> int | None:
        """None when not asked for. Raises ValueError for another form than "10 MB"."""
        return None if not self.size_over else size(self.size_over)


LONGEST_WAIT = 366
"""Days."""
OnTimeout = Literal["return", "send", "escalate"]
STRICTER = ("send", "escalate", "return")
"""What becomes of mail that nobody looks after, the strictest last."""


class OwnWaits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a rule, a case or the risk says otherwise than [waits]; None: the same."""

    on_timeout: OnTimeout | None = None
    days: float | None = None
    reminders: tuple[float, ...] | None = None
    ask_next: bool | None = None


class Waits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How leaving mail ends for which nobody does anything (OUT-DELAY, OUT-APPROVE).

    on_timeout  "return": not sent, and its sender is told; "send": it leaves, but for what needs somebody's agreement
                or could not be read, which is returned; "escalate": an administrator decides, and for an approval the
                next in line is asked
    days        until then, since it began to wait
    reminders   days after which its sender hears that it still waits
    ask_next    approvers who do not decide in time (approval.alert_hours): their next in line is asked instead
    """

    on_timeout: OnTimeout = "return"
    days: float = 10.0
    reminders: tuple[float, ...] = (1.0, 7.0, 9.0)
    ask_next: bool = True

    def of(self, own: OwnWaits | None) -> "Waits":
        """These with what is said otherwise. Reminders that would come behind a nearer end are left out; where none is
        left, one comes at half time."""
        if own is None:
            return self
        days = self.days if own.days is None else own.days
        reminders = own.reminders
        if reminders is None:
            reminders = tuple(each for each in self.reminders if each < days) or (days / 2,)
        ask_next = self.ask_next if own.ask_next is None else own.ask_next
        return Waits(own.on_timeout or self.on_timeout, days, reminders, ask_next)


Usual = TypeVar("Usual", Waits, None)


def strictest(waits: Iterable[Waits], usual: Usual) -> Waits | Usual:
    """The one that counts where several are asked for, of two that are as strict the longer one: who has ten days to agree
    keeps them. `usual` where none is."""
    return max(waits, key=lambda w: (STRICTER.index(w.on_timeout), w.days, w.reminders), default=usual)


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another consequence where `when` fits. The first case that fits counts. `waits`: how what it makes wait ends, if
    otherwise than the rule says."""

    when: When
    then: str
    name: str = ""
    waits: OwnWaits | None = None

    def called(self, number: int) -> str:
        """Its name, or a name by its number (from 0 on) in the rule's list."""
        return self.name or f"case {number + 1}"


class PolicyException(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A consequence loosened for a time (OPS-EXCEPTION): its last day is `until`, where the organisation is.

    rule         the rule that it loosens; "encrypt": how attachments are encrypted (config.consequence.FORMATS)
    owner        the login of who answers for it
    approved_by  the login of who agreed; somebody else
    """

    rule: str
    when: When
    owner: str
    reason: str
    approved_by: str
    until: datetime.date
    then: str = "observe"
    name: str = ""

    def called(self, number: int) -> str:
        """Its name, or one by its place among all exceptions."""
        return self.name or f"exception {number + 1}"


class Calendar(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When the organisation works, in its own time zone.

    days      "mon" to "sun"
    holidays  the country whose public holidays are free (ISO 3166), "" for none
    closed    further days that are free
    """

    days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = (
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
    )
    opens: datetime.time = datetime.time(9)
    closes: datetime.time = datetime.time(18)
    holidays: str = "JP"
    closed: tuple[datetime.date, ...] = ()


def several(names: Names) -> tuple[str, ...]:
    """The names, however they were written."""
    return (names,) if isinstance(names, str) else names


def spoken(when: When) -> dict[str, str]:
    """What is asked, by key, as one reads it: the names of a list after each other."""
    said = {key: value for key, value in msgspec.to_builtins(when).items() if value not in ("", (), None)}
    return {k: ", ".join(v) if isinstance(v, list | tuple) else str(v) for k, v in said.items()}


def named(name: str, language: str) -> str:
    """The name of a case or an exception for people; of one without a name, its place as the language says it."""
    kind, _, number = name.partition(" ")
    return (
        known(language, f"values.nameless.{kind}", {"number": number}) or name if number.isdecimal() else name
    )


def size(text: str) -> int:
    """Bytes of "10 MB" or "500 kB". Raises ValueError."""
    match = SIZE.fullmatch(text)
    if match is None:
        raise ValueError(f'{text!r} is not a size such as "10 MB"')
    return int(match[1]) * (1000 if match[2] == "kB" else 1_000_000)


def days(text: str) -> int:
    """The number in "30d". Raises ValueError."""
    match = DAYS.fullmatch(text)
    if match is None:
        raise ValueError(f'{text!r} is not a number of days such as "30d"')
    return int(match[1])
