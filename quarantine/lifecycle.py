"""The life cycle of an item: one table, and the function that applies it.

Pure: an item and an event in, an item out. Whatever the table does not allow raises NotAllowed and changes
nothing. A held item with a hold or an approval outstanding is never queued by the clock or by its sender.
While HELD, `due_at` None means "until somebody acts".
"""

from collections.abc import Callable

import msgspec

from config.approval import agreed, merged
from config.consequence import UNTIL_RELEASED
from filters.examined import LOCKED, SCORE, UNEXAMINABLE, UNKNOWN_SENDER, UNREAD, UNSCANNED
from quarantine.item import FINAL, Act, Agreed, Event, Item, NotAllowed, State, Status, unbound, with_end
from quarantine.queue.learned import RESTORED, drop, learn, take_up_again, withdraw

UNATTENDED = "unattended"
"""Name of the hold for mail whose sender did nothing about it."""
SENDER_GONE = "sender_gone"
"""Name of the hold for mail whose sender has no account any more, or whose last day is over."""
HANDED_UP = frozenset({UNATTENDED, SENDER_GONE})
"""Holds of mail that waited for its sender, and now for an administrator in their place."""
TOLD_HOLDS = HANDED_UP | {UNKNOWN_SENDER, RESTORED}
"""Holds that are no rule's: what they mean is said in words of their own."""


# Guards: a sentence that completes "not allowed: …", or "" when the event may happen.
def always(item: Item, act: Act) -> str:
    return ""


def clear(item: Item, act: Act) -> str:
    if item.approvals or item.holds:
        return "somebody has still to agree"
    return "its sender has still to look through it" if item.self_review else ""


def early(item: Item, act: Act) -> str:
    too_soon = "the policy gives it no less time" if act.now < item.accepted_at + item.fixed else ""
    return clear(item, act) or too_soon


def due_and_clear(item: Item, act: Act) -> str:
    return clear(item, act) or due(item, act)


def due(item: Item, act: Act) -> str:
    return "" if item.due_at is not None and item.due_at <= act.now else "it is not due"


def due_or_own(item: Item, act: Act) -> str:
    return "" if act.node and act.node == item.node else due(item, act)


def unread(item: Item, act: Act) -> str:
    return "" if item.self_review else "nobody waits for its sender"


def asked(item: Item, act: Act) -> str:
    if act.role not in item.asks:
        return "this role is not asked"
    if item.barred & {act.person, act.place}:
        return "one person counts once"
    return ""


def asked_for_this(item: Item, act: Act) -> str:
    """One agrees to what one was shown."""
    other = "it is not what was shown" if act.bound and act.bound != item.bound else ""
    return asked(item, act) or other


def outstanding(item: Item, act: Act) -> str:
    others = item.approvals and act.approvals not in ((), item.approvals)
    return "" if others else "nobody else is to be asked"


def open_to_exclusion(item: Item, act: Act) -> str:
    if not item.approvals or not act.excluded:
        return "nobody is asked"
    return "they are left out already" if act.excluded in item.barred else ""


def quarantined(item: Item, act: Act) -> str:
    return "" if item.holds or item.delay >= UNTIL_RELEASED else "it is not in quarantine"


def releasable(item: Item, act: Act) -> str:
    """The bytes of leaving mail that could not be examined are those that came: without the changes that were due."""
    unchanged = item.direction == "outbound" and UNEXAMINABLE in item.holds and item.rewrites
    due_change = f"a change that the policy asks for could not be made ({', '.join(item.rewrites)})"
    return due_change if unchanged else quarantined(item, act)


def unlocked(item: Item, act: Act) -> str:
    if item.direction != "inbound" or LOCKED not in item.holds:
        return "no password is missing"
    return "" if act.looked and LOCKED not in act.looked.holds else "the password does not open it"


def others_decide(item: Item, act: Act) -> str:
    if item.direction != "outbound" or act.looked is None:
        return "nothing was read in it"
    return "" if act.approvals or act.looked.holds else "nobody has to decide"


def scanned_since(item: Item, act: Act) -> str:
    if UNSCANNED.get(item.direction) not in item.holds or item.direction != "outbound":
        return "it does not wait for the virus scanner"
    return "" if act.looked is not None else "nobody has looked"


def running(item: Item, act: Act) -> str:
    return "the clock does not run" if item.due_at is None else ""


def stopped(item: Item, act: Act) -> str:
    return "" if item.due_at is None and item.delay < UNTIL_RELEASED else "it was not stopped"


def still_open(item: Item, act: Act) -> str:
    """Nobody in particular: whether one could be taken back, and others would still get it."""
    waiting = {index for index, recipient in enumerate(item.recipients) if recipient.status not in FINAL}
    if act.recipients:
        return "" if waiting.issuperset(act.recipients) else "for one of them it is too late"
    return "" if len(waiting) > 1 else "there is one recipient only"


def later(item: Item, act: Act) -> str:
    return "it is due already" if item.due_at is not None and item.due_at <= act.now else ""


def untouched(item: Item, act: Act) -> str:
    """No lapse of time stands for somebody's agreement, or for a look at what nobody could read."""
    if item.direction != "outbound" or item.approvals:
        return "somebody has still to agree"
    if item.self_review:
        return "its sender has still to look through it"
    if unread := UNREAD.intersection(item.holds):
        return f"nobody could read it ({', '.join(sorted(unread))})"
    if RESTORED in item.holds:
        return "it may have left already"
    return "" if item.holds or item.due_at is None else "its time comes by itself"


def the_senders(item: Item, act: Act) -> str:
    return (
        ""
        if item.direction == "outbound" and not (item.approvals or item.holds)
        else "it waits for somebody else"
    )


def same_lease(item: Item, act: Act) -> str:
    return "" if act.token == item.token else "the lease was lost"


# Effects: what changes besides the state.


def nothing(item: Item, act: Act) -> Item:
    return item


def stop(item: Item, act: Act) -> Item:
    return msgspec.structs.replace(item, due_at=None)


def restart(item: Item, act: Act) -> Item:
    return msgspec.structs.replace(item, due_at=leaves_at(item, act.now))


def due_now(item: Item, act: Act) -> Item:
    return msgspec.structs.replace(item, due_at=act.now)


def begin_again(item: Item, act: Act) -> Item:
    """Due now, and the pauses between attempts start from the shortest."""
    return msgspec.structs.replace(item, due_at=act.now, attempts=0)


def agree(item: Item, act: Act) -> Item:
    left = agreed(item.approvals, act.role)
    again = act.second and not left and not any(word.again for word in item.agreed)
    word = Agreed(act.person, act.role, act.place, item.bound, item.approvals, again)
    left = (act.role,) if again else left
    return msgspec.structs.replace(item, approvals=left, agreed=(*item.agreed, word))


def ask_others(item: Item, act: Act) -> Item:
    return msgspec.structs.replace(item, approvals=act.approvals)


def leave_out(item: Item, act: Act) -> Item:
    return msgspec.structs.replace(item, excluded=(*item.excluded, act.excluded))


def looked_through(item: Item, act: Act) -> Item:
    """Who looked through a mail need not let it go besides, once they could; a clock that runs or was stopped stays."""
    could = max(act.now, item.not_before or 0.0, item.accepted_at + item.fixed)
    due_at = could if item.delay >= UNTIL_RELEASED else item.due_at
    return msgspec.structs.replace(item, self_review=False, due_at=due_at)


def clear_holds(item: Item, act: Act) -> Item:
    instead = item.delay >= UNTIL_RELEASED or HANDED_UP.intersection(item.holds)
    due_at = max(act.now, item.not_before or 0.0) if instead else item.due_at
    return msgspec.structs.replace(item, holds=(), due_at=due_at)


def let_go(item: Item, act: Act) -> Item:
    return msgspec.structs.replace(item, holds=(), due_at=max(act.now, item.not_before or 0.0))


def hand_up(item: Item, act: Act) -> Item:
    if act.hold not in HANDED_UP:
        raise ValueError("an administrator is told why they decide")
    return msgspec.structs.replace(item, holds=(act.hold,), self_review=False, due_at=None)


def look_again(item: Item, act: Act) -> Item:
    """Decides again what examining decides; all other holds, with their reasons, stay."""
    if act.looked is None:
        raise ValueError("looking again finds something")
    looked = act.looked
    again = {LOCKED, SCORE} if item.arrival else {LOCKED}  # the score needs the facts of then
    kept = set(item.holds) - again
    found = {f.rule for f in looked.findings}
    findings = (*looked.findings, *(f for f in item.findings if f.rule in kept - found))
    return msgspec.structs.replace(
        item, blob=looked.blob, size=looked.size, sha256=looked.sha256, rewrites=looked.rewrites,
        holds=tuple(sorted(kept | set(looked.holds))), findings=findings,
    )  # fmt: skip


def have_decided(item: Item, act: Act) -> Item:
    """Nothing that was asked before is taken back, and what leaves stays the same."""
    if act.looked is None:
        raise ValueError("something was found")
    approvals = merged((*item.approvals, *act.approvals))
    holds = tuple(sorted({*item.holds, *act.looked.holds}))
    return msgspec.structs.replace(item, approvals=approvals, holds=holds, findings=act.looked.findings)


def take_scan(item: Item, act: Act) -> Item:
    """It waits for the scanner no more, unless that says so; whatever else holds it stays, and what was found holds it."""
    if act.looked is None:
        raise ValueError("somebody has looked")
    holds = tuple(sorted({*item.holds} - {UNSCANNED[item.direction]} | {*act.looked.holds}))
    return msgspec.structs.replace(item, holds=holds, findings=act.looked.findings)


def lease(item: Item, act: Act) -> Item:
    if act.due_at is None:
        raise ValueError("a lease has an end")
    return msgspec.structs.replace(
        item, due_at=act.due_at, token=item.token + 1, attempts=item.attempts + 1, node=act.node
    )


# Where it goes: to a state, or by what the item looks like after the effect.


def queue_or_hold(item: Item, act: Act) -> State:
    return State.HELD if due_and_clear(item, act) else State.QUEUED


def queue_or_done(item: Item, act: Act) -> State:
    return State.DONE if all(r.status in FINAL for r in item.recipients) else State.QUEUED


def held_or_over(item: Item, act: Act) -> State:
    """What was on its way goes on where nothing is in doubt."""
    over = same_or_over(item, act)
    if over is not item.state:
        return over
    return State.HELD if act.hold or item.state is State.HELD else State.QUEUED


def same_or_over(item: Item, act: Act) -> State:
    if any(r.status not in FINAL for r in item.recipients):
        return item.state
    return State.WITHDRAWN if all(r.status is Status.WITHDRAWN for r in item.recipients) else State.DONE


Guard = Callable[[Item, Act], str]
Effect = Callable[[Item, Act], Item]
Target = State | Callable[[Item, Act], State]

HELD, QUEUED, ACTIVE, DONE, WITHDRAWN = State

TABLE: dict[tuple[State, Event], tuple[Guard, Effect, Target]] = {
    # from     event             guard          effect        to
    (HELD,     Event.DUE):      (due_and_clear, nothing,      QUEUED),
    (HELD,     Event.SEND_NOW): (early,         due_now,      QUEUED),
    (HELD,     Event.CONFIRM):  (unread,        looked_through, queue_or_hold),
    (HELD,     Event.STOP):     (running,       stop,         HELD),
    (HELD,     Event.RESUME):   (stopped,       restart,      HELD),
    (HELD,     Event.APPROVE):  (asked_for_this, agree,       queue_or_hold),
    (HELD,     Event.DENY):     (asked,         withdraw,     WITHDRAWN),
    (HELD,     Event.ASK_NEXT):  (outstanding,   ask_others,   HELD),
    (HELD,     Event.EXCLUDE):  (open_to_exclusion, leave_out, HELD),
    (HELD,     Event.RELEASE):  (releasable,    clear_holds,  queue_or_hold),
    (HELD,     Event.EXAMINE):  (unlocked,      look_again,   queue_or_hold),
    (HELD,     Event.FIND):     (others_decide, have_decided, HELD),
    (HELD,     Event.SCAN):     (scanned_since, take_scan,    queue_or_hold),
    (HELD,     Event.RECALL):   (always,        withdraw,     WITHDRAWN),
    (HELD,     Event.DROP):     (still_open,    drop,         same_or_over),
    (HELD,     Event.DISCARD):  (always,        withdraw,     WITHDRAWN),
    (HELD,     Event.EXPIRE):   (always,        withdraw,     WITHDRAWN),
    (HELD,     Event.ELAPSE):   (untouched,     let_go,       queue_or_hold),
    (HELD,     Event.ESCALATE): (the_senders,   hand_up,      HELD),
    (HELD,     Event.RESTORE):  (always,        take_up_again, held_or_over),
    (QUEUED,   Event.RESTORE):  (always,        take_up_again, held_or_over),
    (ACTIVE,   Event.RESTORE):  (always,        take_up_again, held_or_over),
    (QUEUED,   Event.LEASE):    (due,           lease,        ACTIVE),
    (QUEUED,   Event.RETRY):    (later,         begin_again,  QUEUED),
    (QUEUED,   Event.RECALL):   (always,        withdraw,     WITHDRAWN),
    (QUEUED,   Event.DROP):     (still_open,    drop,         same_or_over),
    (QUEUED,   Event.DISCARD):  (always,        withdraw,     WITHDRAWN),
    (QUEUED,   Event.EXPIRE):   (always,        withdraw,     WITHDRAWN),
    (ACTIVE,   Event.FINISH):   (same_lease,    learn,        queue_or_done),
    (ACTIVE,   Event.LAPSE):    (due_or_own,    due_now,      QUEUED),
}  # fmt: skip


def leaves_at(item: Item, since: float) -> float | None:
    """When an item that waits for nothing else leaves, if its delay begins now; None: when somebody acts."""
    if item.delay >= UNTIL_RELEASED:
        return None
    return max(since + item.delay, item.not_before or 0.0)


def accept(item: Item, now: float) -> Item:
    """The item as it enters our custody: state and `due_at` follow from its holds, approvals and delay."""
    due_at = leaves_at(item, now)
    waits = bool(item.holds or item.approvals or item.self_review or due_at is None or due_at > now)
    return msgspec.structs.replace(
        item,
        state=HELD if waits else QUEUED,
        due_at=due_at,
        queued_at=None if waits else now,
        attempts=0,
        token=0,
        version=0,
    )


def apply(item: Item, act: Act) -> Item:
    """The item after the event, its version one higher. Raises NotAllowed when the table says no."""
    row = TABLE.get((item.state, act.event))
    if row is None:
        raise NotAllowed(f"{act.event} cannot happen to mail that is {item.state}")
    guard, effect, to = row
    if refusal := guard(item, act):
        raise NotAllowed(f"{act.event} is not allowed: {refusal}")
    item = unbound(item, effect(item, act))
    state = to if isinstance(to, State) else to(item, act)
    queued_at = act.now if state is QUEUED and item.queued_at is None else item.queued_at
    item = msgspec.structs.replace(item, state=state, queued_at=queued_at, version=item.version + 1)
    return with_end(item, act.event, act.now)


def possible(item: Item, event: Event, now: float, role: str = "") -> bool:
    """True when `apply` would allow it; for showing the right buttons."""
    row = TABLE.get((item.state, event))
    return row is not None and not row[0](item, Act(event, now, role))
