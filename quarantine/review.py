"""Who may do what to an item. Pure; the life cycle says what may happen, this says who may make it happen.

owner           recall, stop, resume, send now: own outbound mail
administrator   release, discard; who is a recipient of arriving mail leaves its release to another
an approver     approve, deny in the roles that were asked, never for mail of one's own
"""

from collections.abc import Collection

import msgspec

from mail.address import without_tag
from quarantine.item import Event, Item, NotAllowed
from quarantine.lifecycle import possible

ADMINISTRATOR = "administrator"
OWNERS = (Event.SEND_NOW, Event.STOP, Event.RESUME, Event.RECALL)
ADMINISTRATORS = (Event.RELEASE, Event.DISCARD)
APPROVERS = (Event.APPROVE, Event.DENY)


class Viewer(msgspec.Struct, frozen=True):
    """A person who is logged in. `roles` are those held towards this item's owner: the caller asks the
    directory, since a department head is one for the own department only. `mailboxes` are the addresses at which
    mail is theirs, in lower case and without sub-addresses."""

    login: str
    roles: frozenset[str] = frozenset()
    tenant: str = "default"
    mailboxes: frozenset[str] = frozenset()


def refusal(item: Item, viewer: Viewer, event: Event, role: str = "") -> str:
    """Why this person may not do it, as the end of a sentence; "" when allowed."""
    if not viewer.login or item.tenant != viewer.tenant:
        return "it is not there"
    if event in OWNERS:
        own = item.owner == viewer.login and item.direction == "outbound"
        return "" if own else "only its sender may"
    if event in ADMINISTRATORS:
        if ADMINISTRATOR not in viewer.roles:
            return "only an administrator may"
        own = item.owner == viewer.login or is_recipient(item, viewer.mailboxes)
        return "nobody releases mail of their own" if own and event is Event.RELEASE else ""
    if event in APPROVERS:
        if role not in viewer.roles:
            return "it is not the role of this person"
        return "nobody decides on mail of their own" if item.owner == viewer.login else ""
    return "no person does this"


def is_recipient(item: Item, mailboxes: Collection[str]) -> bool:
    """True for arriving mail to one of these addresses, sub-addresses included."""
    if item.direction != "inbound" or not mailboxes:
        return False
    return any(without_tag(r.path.address) in mailboxes for r in item.recipients)


def check(item: Item, viewer: Viewer, event: Event, role: str = "") -> None:
    """Raises NotAllowed when this person may not do it. Call it with the item as just read."""
    if reason := refusal(item, viewer, event, role):
        raise NotAllowed(f"{event} is not allowed: {reason}")


def choices(item: Item, viewer: Viewer, now: float) -> list[tuple[Event, str]]:
    """What this person can do to the item now: (event, role) pairs, role "" except for approvers."""
    asked = [(event, role) for role in item.approvals for event in APPROVERS]
    plain = [(event, "") for event in (*OWNERS, *ADMINISTRATORS)]
    return [
        (event, role)
        for event, role in plain + asked
        if not refusal(item, viewer, event, role) and possible(item, event, viewer.login, now, role)
    ]


def may_see(item: Item, viewer: Viewer) -> bool:
    """True when the item may appear in this person's lists: own, asked to approve, or an administrator."""
    if not viewer.login or item.tenant != viewer.tenant:
        return False
    asked = any(role in viewer.roles for role in item.approvals)
    return item.owner == viewer.login or asked or ADMINISTRATOR in viewer.roles
