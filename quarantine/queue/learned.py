"""Effects of the life cycle on recipients: what an attempt learned, who is taken back, what a restored mail is known to be.

As those in quarantine/lifecycle.py: an item and an act in, an item out.
"""

import msgspec

from quarantine.item import FINAL, Act, Item, NotAllowed, Recipient, State, Status

RESTORED = "restored"
"""Name of the hold for mail of a backup of which nobody knows what became of it since."""


def withdraw(item: Item, act: Act) -> Item:
    recipients = tuple(
        r if r.status in FINAL else msgspec.structs.replace(r, status=Status.WITHDRAWN, at=act.now)
        for r in item.recipients
    )
    return msgspec.structs.replace(item, recipients=recipients, due_at=None)


def drop(item: Item, act: Act) -> Item:
    if not act.recipients:
        raise ValueError("it is said who is taken back")
    recipients = list(item.recipients)
    for index in act.recipients:
        recipients[index] = msgspec.structs.replace(recipients[index], status=Status.WITHDRAWN, at=act.now)
    over = all(r.status in FINAL for r in recipients)
    return msgspec.structs.replace(item, recipients=tuple(recipients), due_at=None if over else item.due_at)


def take_up_again(item: Item, act: Act) -> Item:
    """What was known stands; of what was not, nothing leaves before a person says so."""
    known = learn(item, msgspec.structs.replace(act, due_at=act.now))
    recipients = list(known.recipients)
    for index in act.recipients:
        if recipients[index].status not in FINAL:
            recipients[index] = msgspec.structs.replace(
                recipients[index], status=Status.WITHDRAWN, at=act.now
            )
    over = all(r.status in FINAL for r in recipients)
    holds = tuple(sorted({*item.holds, RESTORED})) if act.hold and not over else item.holds
    due_at = None if over else item.due_at if item.state is State.HELD else act.now
    return msgspec.structs.replace(item, recipients=tuple(recipients), holds=holds, due_at=due_at)


def learn(item: Item, act: Act) -> Item:
    recipients = list(item.recipients)
    for outcome in act.outcomes:
        before = recipients[outcome.recipient]
        if before.status in FINAL:
            raise NotAllowed(f"recipient {outcome.recipient} is final")
        recipients[outcome.recipient] = Recipient(
            before.path, outcome.status, outcome.reply, act.now, outcome.cause, outcome.hop
        )
    open_ = any(r.status not in FINAL for r in recipients)
    if open_ and act.due_at is None:
        raise ValueError("recipients are waiting: a next attempt is needed")
    return msgspec.structs.replace(item, recipients=tuple(recipients), due_at=act.due_at if open_ else None)
