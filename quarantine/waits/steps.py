"""Who is told of leaving mail that waits for a person, after how long, and what ends the wait: one table (OUT-APPROVE).

Pure. Hours are business hours (config/business_hours.py) since the wait began, days are days of the calendar. The last
step of every kind ends the wait, so that none is without an end; what that means for a mail, `ending` says. Beside these
letters stand the one to the sender when the mail is taken (letters/on_hold.py) and the one about the outcome, to the
sender unless they brought it about.
"""

from enum import StrEnum

import msgspec

from config.approval import LAST, NEXT
from config.business_hours import BusinessHours
from config.cases import Waits
from quarantine.item import Event, Item, State
from quarantine.lifecycle import TABLE, possible

DAY = 86_400.0


class Wait(StrEnum):
    """Whose word is missing."""

    APPROVAL = "approval"  # of everybody whose role is asked
    REVIEW = "review"  # an administrator's
    SENDER = "sender"  # the sender's own: to let it go, or to look through it


class Readers(StrEnum):
    """To whom a step writes."""

    ASKED = "asked"  # who may give the missing word; if nobody can, the administrators
    ADMINISTRATORS = "administrators"
    SENDER = "sender"
    NOBODY = "nobody"


class Hears(msgspec.Struct, frozen=True):
    """Who hears of an event by which `letter` (config/words, [LETTER.READER]), or `why` nobody does."""

    readers: Readers = Readers.NOBODY
    letter: str = ""
    why: str = ""

    def __str__(self) -> str:
        who = "who is asked" if self.readers is Readers.ASKED else self.readers
        return f"{who}: {self.letter or self.why}"


OWN = Hears(why="own act")
"""What its sender does, or somebody for them."""
GOES_ON = Hears(why="goes on")
HEARS = {
    Event.DUE: Hears(why="told before"),
    Event.SEND_NOW: OWN,
    Event.CONFIRM: OWN,
    Event.STOP: OWN,  # by an operator: "reminded", to its sender
    Event.RESUME: OWN,
    Event.RECALL: OWN,
    Event.DROP: OWN,
    Event.APPROVE: Hears(Readers.SENDER, "approved"),  # before that, who is asked next
    Event.DENY: Hears(Readers.SENDER, "denied"),
    Event.ASK_NEXT: Hears(Readers.ASKED, "asked"),  # and, late, the sender and those before: "passed_on"
    Event.EXCLUDE: Hears(Readers.ASKED, "asked"),
    Event.RELEASE: Hears(Readers.SENDER, "approved"),
    Event.DISCARD: Hears(Readers.SENDER, "discarded"),
    Event.EXPIRE: Hears(Readers.SENDER, "returned"),
    Event.ELAPSE: Hears(Readers.SENDER, "elapsed"),
    Event.ESCALATE: Hears(Readers.ADMINISTRATORS, "asked"),
    Event.FIND: Hears(Readers.SENDER, "found"),
    Event.SCAN: GOES_ON,  # what was found is decided by an administrator
    Event.EXAMINE: Hears(why="arriving"),
    Event.RESTORE: GOES_ON,  # what is held then, administrators see on their page
    Event.LEASE: GOES_ON,
    Event.LAPSE: GOES_ON,
    Event.RETRY: GOES_ON,
    Event.FINISH: Hears(Readers.SENDER, why="DSN"),
}
"""Of leaving mail, row by row of the life cycle. FINISH: of what failed or is late (RFC 3464)."""


class Step(msgspec.Struct, frozen=True):
    """`hours` of business, or `days`, after the wait began, these readers get the letter of that name, if any; `ends`:
    nobody did anything in time, and the wait is over; `passes`: others are asked instead, if there are any: NEXT, whom the
    policy names next in line, or LAST, after them the last in line, too."""

    readers: Readers
    letter: str = ""
    hours: float = 0.0
    days: float = 0.0
    ends: bool = False
    passes: str = ""


class Times(msgspec.Struct, frozen=True):
    """Of the settings: business hours to the reminder and to the alert; of the policy: when and how it ends."""

    remind: float = 4.0
    alert: float = 9.0
    waits: Waits = Waits()


def steps(kind: Wait, times: Times) -> tuple[Step, ...]:
    """The steps of a wait in their order."""
    days = times.waits.days
    end = Step(Readers.NOBODY, days=days, ends=True)
    reminders = tuple(Step(Readers.SENDER, "reminded", days=each) for each in times.waits.reminders)
    match kind:
        case Wait.APPROVAL:
            passes = NEXT if times.waits.ask_next else ""
            asked = (
                Step(Readers.ASKED, "asked"),
                Step(Readers.ASKED, "reminded", hours=times.remind),
                Step(Readers.ADMINISTRATORS, "overdue", hours=times.alert, passes=passes),
                *reminders,
            )
            if times.waits.on_timeout != "escalate":
                return (*asked, end)
            again = Step(Readers.ADMINISTRATORS, "overdue", days=days, passes=LAST)
            last = Step(Readers.SENDER, "reminded", days=days + times.waits.reminders[-1])
            return (*asked, again, last, Step(Readers.NOBODY, days=2 * days, ends=True))
        case Wait.REVIEW:
            return (
                Step(Readers.ADMINISTRATORS, "asked"),
                Step(Readers.ADMINISTRATORS, "reminded", hours=times.alert),
                *reminders,
                end,
            )
        case Wait.SENDER:
            return (Step(Readers.SENDER), *reminders, end)


def ending(item: Item, waits: Waits, now: float) -> Event:
    """How the wait of a held item ends for which nobody does anything."""
    if waits.on_timeout == "send" and possible(item, Event.ELAPSE, now):
        return Event.ELAPSE
    if waits.on_timeout == "escalate" and kind_of(item) is Wait.SENDER:
        return Event.ESCALATE
    return Event.EXPIRE


def next_at(before: Step, step: Step, since: float, now: float, hours: BusinessHours) -> float:
    """When a step is due, if the one before it was done `now`: by the table, and never sooner behind that one than the
    table has it, whatever kept us from being in time. Nobody's mail is returned on the heels of the reminder."""
    if step.hours:
        planned = hours.after(since, step.hours * 3600)
        return max(planned, hours.after(now, max(0.0, step.hours - before.hours) * 3600))
    return max(since + step.days * DAY, now + DAY)


def kind_of(item: Item) -> Wait | None:
    """Whose word an item waits for; None when it waits for no person, or nobody of ours sent it."""
    if item.direction != "outbound" or item.state is not State.HELD:
        return None
    if item.approvals:
        return Wait.APPROVAL
    if item.holds:
        return Wait.REVIEW
    return Wait.SENDER if item.due_at is None or item.self_review else None


def markdown() -> str:
    """The table for docs/states.md."""
    lines = ["| wait | after | told | letter |", "|---|---|---|---|"]
    for kind in Wait:
        for step in steps(kind, Times()):
            after = (
                f"{step.hours:g} business hours"
                if step.hours
                else f"{step.days:g} days"
                if step.days
                else "at once"
            )
            told = "the wait ends, and the sender is told" if step.ends else step.readers.value
            told = f"the next in line, or {told} where there is none" if step.passes else told
            letter = step.letter or ("" if step.ends else "that about the hold")
            lines.append(f"| {kind} | {after} | {told} | {letter} |")
    return "\n".join(lines) + "\n"


def table_markdown() -> str:
    """The table for docs/states.md."""
    words = {"queue_or_hold": "queued if clear and due, or held", "queue_or_done": "done if all are final, else queued", "same_or_over": "the same; over when nobody is left",
        "held_or_over": "held if in doubt, or queued, or over"}  # fmt: skip
    lines = ["| from | event | guard | effect | to | told |", "|---|---|---|---|---|---|"]
    lines.append("| – | accept | | | held if it waits for a time or a person, else queued | sender: held |")
    for (state, event), (guard, effect, to) in TABLE.items():
        names = [_words(f.__name__) for f in (guard, effect)]
        target = to.value if isinstance(to, State) else words[to.__name__]
        told = HEARS[event]
        lines.append(f"| {state} | {event} | {names[0]} | {names[1]} | {target} | {told} |")
    return "\n".join(lines) + "\n"


def _words(name: str) -> str:
    return "" if name in ("always", "nothing") else name.replace("_", " ")
