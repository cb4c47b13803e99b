"""How much of a mail an answer holds: what the person may see, and nothing of how it is kept. Pure."""

from collections.abc import Iterable

import msgspec

from directory.account import Account
from mail.address import without_tag
from quarantine.item import Item
from quarantine.reported.reports import Report
from quarantine.reported.sightings import Sighted
from quarantine.rights import Verb
from quarantine.store import Place


class Proof(msgspec.Struct, frozen=True):
    """When a path through the node was last proved (UTC seconds, 0: never), and why it was not in the last round."""

    path: str
    at: float = 0.0
    why: str = ""


class ItemPage(msgspec.Struct, frozen=True):
    """A part of a list, and where the next one begins; None at the end."""

    items: tuple[Item, ...] = ()
    after: Place | None = None


def to_watcher(item: Item) -> Item:
    """For somebody who may see it: without the keys of its contents, its sealed passphrase, how it came and who holds it."""
    return msgspec.structs.replace(
        item, blob="", original="", secret=b"", arrival=None, node="", token=0, peer="", envid="", ret=""
    )


def to_recipient(item: Item, mailboxes: Iterable[str]) -> Item:
    """For one of its recipients: nothing of the others, and nothing of what is decided about it."""
    mine = frozenset(mailboxes)
    return msgspec.structs.replace(
        to_watcher(item), recipients=tuple(r for r in item.recipients if without_tag(r.path.address) in mine),
        approvals=(), rewrites=(), passphrase_source="", owner="",
    )  # fmt: skip


def to_person(item: Item, account: Account, rights: frozenset[Verb]) -> Item:
    return to_watcher(item) if Verb.SEE in rights else to_recipient(item, account.mailboxes)


def arrived_for(mail: Sighted, mailboxes: Iterable[str]) -> Sighted:
    """A mail that arrived, for one of its recipients."""
    return msgspec.structs.replace(mail, got=tuple(mail.among(mailboxes)), waiting=(), traits=frozenset())


def without_content(report: Report) -> Report:
    return msgspec.structs.replace(report, blob="")
