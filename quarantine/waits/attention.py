"""What somebody has looked at before they agree: facts of ours, not claims of a page (OUT-APPROVE).

A reason is a finding with something to read. What was opened counts for the content and the recipients of that moment: after
a change it is to be opened again.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from statistics import median

import msgspec

from config.policy import Organisation
from filters.finding import Finding
from quarantine.item import Event, Item, NotAllowed
from storage.interfaces import Transaction
from storage.statements import insert_into

MOST = 20
"""Reasons that have to be opened one by one; a mail with more is shown with the first of them."""
A_SECOND = 25
"""Characters that somebody who hurries reads in a second (some 1,500 in a minute)."""
LEAST = 3.0
"""Seconds for the smallest mail."""

_NOTE = (
    insert_into("attention", ("tenant", "item", "person", "what", "at"))
    + " ON CONFLICT (tenant, item, person, what) DO NOTHING"
)
_SEEN = "SELECT what, at FROM attention WHERE tenant = :tenant AND item = :item AND person = :person"
_FORGET = "DELETE FROM attention WHERE tenant = :tenant AND item = :item"


class Unread(NotAllowed):
    """Not every reason was opened."""


class ReasonShown(msgspec.Struct, frozen=True):
    """Why a mail waits: `key` is "" where there is nothing to open. `opened`: by whoever looks."""

    finding: Finding
    key: str = ""
    opened: bool = True


def page_key(item: Item) -> str:
    """What stands for the page of a mail with its content and recipients of now."""
    return f"page {item.bound[:16]}"


def reasons(item: Item, seen: Iterable[str] = ()) -> tuple[ReasonShown, ...]:
    """The reasons of an item, those with something to read first, as far as somebody has opened them."""
    known = set(seen)
    found: list[ReasonShown] = []
    rest: list[ReasonShown] = []
    for number, finding in enumerate(item.findings):
        if len(found) < MOST and any(each.quote for each in finding.evidence):
            told = f"{item.bound}\n{number}\n{finding.rule}"
            key = hashlib.sha256(told.encode()).hexdigest()[:16]
            found.append(ReasonShown(finding, key, key in known))
        else:
            rest.append(ReasonShown(finding))
    return (*found, *rest)


def guarded(item: Item, organisation: Organisation) -> bool:
    """True when each reason has to be opened before somebody agrees: from a class of the policy on."""
    if organisation.attention_level is None:
        return False
    levels = {each.name: each.level for each in organisation.classes}
    found = [levels.get(finding.values.get("class", ""), 0) for finding in item.findings]
    return max(found, default=0) >= organisation.attention_level


def needed(item: Item) -> float:
    """Seconds in which somebody who hurries can read why the mail waits."""
    quotes = sum(len(each.quote) for finding in item.findings for each in finding.evidence)
    told = quotes + 40 * len(item.findings) + 10 * min(len(item.recipients), 20)
    return max(LEAST, told / A_SECOND)


def note(transaction: Transaction, item: Item, person: str, what: Sequence[str], now: float) -> None:
    """Somebody has looked at these."""
    for each in what:
        row = {"tenant": item.tenant, "item": item.id, "person": person, "what": each, "at": now}
        transaction.execute(_NOTE, row)


def seen(transaction: Transaction, item: Item, person: str) -> dict[str, float]:
    """What somebody has looked at, and when first."""
    values = {"tenant": item.tenant, "item": item.id, "person": person}
    return {str(row["what"]): float(row["at"]) for row in transaction.execute(_SEEN, values)}


def forget(transaction: Transaction, item: Item) -> None:
    """The wait is over."""
    transaction.execute(_FORGET, {"tenant": item.tenant, "item": item.id})


def attentive(
    transaction: Transaction, item: Item, login: str, *, guarded: bool, now: float
) -> dict[str, object]:
    """What the journal tells of how attentively somebody agrees: seconds since the mail as it is was first shown to them, and
    whether that is less than it takes to read. Raises Unread where reasons have to be opened, and were not."""
    looked = seen(transaction, item, login)
    if guarded and not all(reason.opened for reason in reasons(item, looked)):
        raise Unread("not every reason was opened")
    of_this = {page_key(item), *(reason.key for reason in reasons(item))}
    began = min([at for what, at in looked.items() if what in of_this and 0 < at <= now], default=now)
    seconds = round(now - began, 1)
    return {"seconds": seconds, "blind": seconds < needed(item)}


class Decisions(msgspec.Struct, frozen=True):
    """How one person has decided: how many times, how often faster than one can read, half of the times in less than
    `seconds`."""

    person: str
    name: dict[str, str]
    approved: int
    denied: int
    blind: int
    seconds: float


def decided(login: str, name: dict[str, str], said: Sequence[Mapping[str, object]]) -> Decisions:
    """From what the journal tells of one person's decisions, each with its `event`; one about all copies of a mail is one."""
    said = [one for one in said if not one.get("alike")]
    approved = [one for one in said if one["event"] == Event.APPROVE]
    times = [float(str(one["seconds"])) for one in approved if "seconds" in one]
    blind = sum(one.get("blind") is True for one in approved)
    return Decisions(
        login, name, len(approved), len(said) - len(approved), blind, median(times) if times else 0.0
    )
