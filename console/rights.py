"""Who may do what with one mail: computed from the person, the mail and its owner, for every request (OPS-DUTY).

    owner           sees and opens it, recalls, stops, resumes, sends now, is shown the passphrase
    approver        of a role that is still asked: sees and opens it, approves, denies; never their own mail
    recipient       of arriving mail: reads its page in /waiting, asks for its release, types the password of its files
    administrator   sees it, opens it with a reason, releases, discards; never releases their own mail, sent or received
    operator, auditor   see what happened to it, never its content

Who runs the system does not read content, and whoever may not even see a mail is told that there is none.
"""

from directory.people import Account, Role, approves
from quarantine.item import Event, Item
from quarantine.review import is_recipient

OWNER = frozenset({"see", "open", "recall", "stop", "resume", "send_now", "passphrase"})
APPROVER = frozenset({"see", "open", "approve", "deny"})
ADMINISTRATOR = frozenset({"see", "open", "release", "discard"})
WATCHER = frozenset({"see"})
RECIPIENT = frozenset({"wait"})

EVENTS = {
    "recall": Event.RECALL,
    "stop": Event.STOP,
    "resume": Event.RESUME,
    "send_now": Event.SEND_NOW,
    "approve": Event.APPROVE,
    "deny": Event.DENY,
    "release": Event.RELEASE,
    "discard": Event.DISCARD,
}
"""Rights that are events of the life cycle."""


def rights(account: Account, item: Item, owner: Account | None) -> frozenset[str]:
    """What the person may do with the item, whatever its state; the life cycle decides what is possible now."""
    if account.disabled or account.tenant != item.tenant:
        return frozenset()
    found: frozenset[str] = frozenset()
    mine = bool(item.owner) and item.owner == account.login
    if mine:
        found |= OWNER
    if asked(account, item, owner):
        found |= APPROVER
    addressed = is_recipient(item, account.mailboxes)
    if addressed:
        found |= RECIPIENT
    if account.has(Role.ADMINISTRATOR):
        found |= ADMINISTRATOR - {"release"} if mine or addressed else ADMINISTRATOR
    if account.has(Role.OPERATOR, Role.AUDITOR):
        found |= WATCHER
    return found


def asked(account: Account, item: Item, owner: Account | None) -> tuple[str, ...]:
    """The roles that are still to agree and in which the person may speak."""
    if owner is None or account.login == item.owner:
        return ()
    return tuple(role for role in item.approvals if approves(account, role, owner))


def needs_reason(account: Account, item: Item, owner: Account | None) -> bool:
    """True when opening the content needs a reason: the person is neither the sender nor asked to approve."""
    return item.owner != account.login and not asked(account, item, owner)
