"""What became of mail since a backup: told by what stands in a second place (storage/departures.py), done to a database that
is older than that.

    what is known since                      what is done
    nothing happened to it                   it goes on as it was
    it left, or was taken back               that is written down; it never leaves again
    a delivery had begun, with no end        held (RESTORED): it may have left
    it was stopped, found to be worse, …     held: it was allowed less than the backup knows
    it was released, agreed to, …            it waits again for whoever had said so
    the second place is gone, or has a gap   held, whatever is not known to have ended

A failure whose report to the sender is lost with the database is no end: it is tried again, refused again and reported.

Diagnostics: OSError where the second place cannot be read.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import msgspec

from config.tenant import DEFAULT
from quarantine.events import JournalEvent
from quarantine.item import FINAL, Act, Entry, Event, Item, Outcome, State, Status
from quarantine.lifecycle import apply
from quarantine.queue.learned import RESTORED
from quarantine.records import entry_of, told_of, update
from quarantine.search.read import items_at
from quarantine.waits import waits
from storage import departures, journal
from storage.border import of_all
from storage.departures import Departed, Told, is_in
from storage.interfaces import Transaction

GOES_ON, KNOWN, HELD = "goes on", "known", "held"
PAGE = 500
_LIVE = of_all(
    "SELECT tenant, id FROM item WHERE state IN ('held', 'queued', 'active') AND id > :after ORDER BY id LIMIT :page"
)
"""What is in custody, of all tenants."""
_IS = of_all("SELECT id FROM item WHERE id = :id")
"""Whether a mail of any tenant is in the database."""
_NOTE = (
    "INSERT INTO journal_restored (node, seq, hash, at, backup, mark) VALUES (:node, :seq, :hash, :at, :backup, :mark)"
    " ON CONFLICT (node, seq, at) DO NOTHING"
)
"""Where a chain goes on."""
_WENT_ON = "SELECT node, seq, hash, at, backup, mark FROM journal_restored ORDER BY node, at"
"""Where chains went on, of all restores."""
LOOSER = frozenset({
    Event.ACCEPT, Event.DUE, Event.SEND_NOW, Event.CONFIRM, Event.RESUME, Event.APPROVE, Event.ASK_NEXT, Event.RELEASE,
    Event.RETRY, Event.ELAPSE, Event.LAPSE, Event.ESCALATE, Event.EXAMINE, Event.RESTORE,
})  # fmt: skip
"""Events that allow a mail no less than it was allowed before: without them it waits once more."""
TAKEN_BACK = frozenset({Event.RECALL, Event.DENY, Event.DISCARD, Event.EXPIRE})


class Since(msgspec.Struct):
    """What happened to one mail."""

    leased: bool = False
    """A delivery had begun, and nobody has said how it ended."""
    finished: bool = False
    """One has ended."""
    outcomes: dict[int, Outcome] = {}
    taken_back: bool = False
    dropped: set[str] = set()
    changed: list[str] = []
    accepted: dict[str, Any] | None = None
    mail_id: str = ""
    tenant: str = DEFAULT


class Known(msgspec.Struct, frozen=True):
    """Of all mails; `gaps` says why it may not be all that happened, in words."""

    items: Mapping[str, Since]
    gaps: tuple[str, ...] = ()


class Restored(msgspec.Struct, frozen=True):
    """What is to be done with one mail that the database has in custody; `why` in words."""

    item: Item
    what: str
    why: str = ""
    outcomes: tuple[Outcome, ...] = ()
    withdrawn: tuple[int, ...] = ()


class LostMail(msgspec.Struct, frozen=True):
    """A mail that was accepted since, is not in the database, and is not known to have left."""

    item: str
    mail_id: str
    tenant: str
    said: Mapping[str, Any]


class Plan(msgspec.Struct, frozen=True):
    """What a restore does. `gaps` as in Known."""

    found: tuple[Restored, ...]
    lost: tuple[LostMail, ...]
    gaps: tuple[str, ...]

    def of(self, what: str) -> list[Restored]:
        return [each for each in self.found if each.what == what]


def known(transaction: Transaction, folders: Sequence[Path]) -> Known:
    """What is known of all mails since the last entries of this database. `folders`: of second places."""
    items: dict[str, Since] = {}
    gaps: list[str] = []
    seen: set[str] = set()
    names: list[str] = []
    ends = journal.heads(transaction)
    for folder in folders:
        for node in departures.nodes(folder):
            lines = departures.read(node)
            if any(line.chain or line.heads for line in lines):
                names.append(unquote(node.name))
            for chain in dict.fromkeys(
                chain for line in lines for chain in ([line.chain] if line.heads is None else line.heads)
            ):
                seen.add(chain)
                some, gap = _since(transaction, lines, chain, ends.get(chain, (0, ""))[0])
                if gap:
                    gaps.append(gap)
                for line in some:
                    for entry in line.entries:
                        _learn(items.setdefault(entry.item, Since(tenant=entry.tenant)), entry)
    for chain in sorted(ends.keys() - seen):
        owner = journal.node_of(chain)
        if not any(owner == name or owner.startswith((f"{name}.", f"{name}/")) for name in names):
            gaps.append(f"nothing is known of what {chain} has done since")
    return Known(items, tuple(gaps))


def _since(
    transaction: Transaction, lines: Sequence[Departed], chain: str, head: int
) -> tuple[list[Departed], str]:
    """What a chain has told since it was as the database has it, and what is missing of that."""
    places = [(n, *_place(line, chain)) for n, line in enumerate(lines) if _is_about(line, chain)]
    ours = [place for place in places if is_in(transaction, chain, place[1], place[2])]
    # Of the last entry that the database has; a life that began anew there came after.
    start = max(ours, key=lambda place: (place[1], -place[0]), default=None)
    gap = ""
    if start is not None:
        end, begins = max(start[1], head), start[0] + 1
    else:
        end, begins = 0, 0
        if head:
            gap, end = f"what {chain} has told begins later than the database ends", -1
    found: list[Departed] = []
    life = 0
    for line in lines[begins:]:
        if not _is_about(line, chain):
            continue
        if line.heads is not None:
            before, end = end, line.heads[chain][0]
            life = len(found) if line.restored else life
            if not line.restored and before >= 0 and end > before:
                gap = gap or f"{chain} has told nothing of its entries {before + 1} to {end}"
            continue
        while len(found) > life and found[-1].to > line.after >= found[-1].after:
            end = found.pop().after  # it was never committed
        if line.after > end >= 0:
            gap = gap or f"{chain} has told nothing of its entries {end + 1} to {line.after}"
        found.append(line)
        end = line.to
    return found, gap


def _is_about(line: Departed, chain: str) -> bool:
    return chain in line.heads if line.heads is not None else line.chain == chain


def _place(line: Departed, chain: str) -> tuple[int, str]:
    return line.heads[chain] if line.heads is not None else (line.to, line.hash)


def _learn(since: Since, entry: Told) -> None:
    since.mail_id = entry.mail_id
    detail = entry.detail
    match entry.event:
        case Event.ACCEPT:
            since.accepted = detail
        case Event.LEASE:
            since.leased = True
        case Event.FINISH:
            since.leased, since.finished = False, True
            for index, status, reply, *why in detail.get("outcomes", ()):
                cause, hop = why or ("", "")
                since.outcomes[index] = Outcome(index, Status(status), reply, cause, hop)
        case Event.DROP:
            since.dropped |= set(detail.get("recipients", ()))
        case event if event in TAKEN_BACK:
            since.taken_back = True
        case event if event in set(Event) and event not in LOOSER:
            since.changed.append(event)


def plan(transaction: Transaction, known: Known) -> Plan:
    """What becomes of each mail of this database, and which mails are lost."""
    reported = {since.mail_id for since in known.items.values() if _is_report(since) and not _left(since)}
    found: list[Restored] = []
    after = ""
    while page := items_at(transaction, transaction.execute(_LIVE, {"after": after, "page": PAGE})):
        after = page[-1].id
        found += [_decided(item, known, item.mail_id in reported) for item in page]
    lost = tuple(
        LostMail(item, since.mail_id, since.tenant, since.accepted)
        for item, since in known.items.items()
        if since.accepted is not None
        and not _is_report(since)
        and not (_left(since) or since.taken_back)
        and not transaction.execute(_IS, {"id": item})
    )
    return Plan(tuple(found), lost, known.gaps)


def _is_report(since: Since) -> bool:
    return since.accepted is not None and since.accepted.get("direction") in ("dsn", "notice")


def _left(since: Since) -> bool:
    return bool(since.outcomes) and all(o.status in FINAL for o in since.outcomes.values())


def _decided(item: Item, known: Known, unreported: bool) -> Restored:
    since = known.items.get(item.id, Since())
    still = {n for n, recipient in enumerate(item.recipients) if recipient.status not in FINAL}
    outcomes = tuple(
        outcome
        for n, outcome in sorted(since.outcomes.items())
        if n in still
        and (outcome.status is not Status.FAILED or not unreported)
        and outcome.status in (Status.DELIVERED, Status.FAILED, Status.DEFERRED)
    )
    ended = {o.recipient for o in outcomes if o.status in FINAL}
    gone = {n for n in still - ended if since.taken_back or item.recipients[n].path.address in since.dropped}
    left = still - ended - gone
    why = ""
    if left and (since.leased or (item.state is State.ACTIVE and not since.finished)):
        why = "a delivery had begun"
    elif left and since.changed:
        why = f"it was changed: {', '.join(dict.fromkeys(since.changed))}"
    elif left and known.gaps:
        why = "nobody knows what became of it"
    what = HELD if why else KNOWN if outcomes or gone or item.state is State.ACTIVE else GOES_ON
    return Restored(item, what, why, outcomes, tuple(sorted(gone)))


def done(
    transaction: Transaction,
    node: str,
    plan: Plan,
    backup: str,
    now: float,
    actor: str,
    mark: journal.Mark,
) -> None:
    """Do it, with the entries that say so. In one transaction: nobody sees half of it."""
    for chain, (seq, hash) in journal.heads(transaction).items():
        values = {"node": chain, "seq": seq, "hash": hash, "at": now, "backup": backup}
        transaction.execute(_NOTE, {**values, "mark": mark(went_on(chain, seq, hash, now))})
    entries = [
        Entry(now, JournalEvent.LOST, actor, each.item, each.mail_id, each.tenant, dict(each.said))
        for each in plan.lost
    ]
    for each in plan.found:
        if each.what != GOES_ON:
            entries.append(_change(transaction, each, backup, now, actor))
    told = {what.replace(" ", "_"): len(plan.of(what)) for what in (GOES_ON, KNOWN, HELD)}
    counted = {"backup": backup, **told, "lost": len(plan.lost), "gaps": list(plan.gaps[:20])}
    for tenant in dict.fromkeys([DEFAULT, *(each.item.tenant for each in plan.found)]):
        entries.append(Entry(now, JournalEvent.RESTORED, actor, tenant=tenant, detail=counted))
    journal.append(transaction, node, entries)


def is_done(transaction: Transaction, backup: str) -> bool:
    """Whether that was done already to a database that came from this backup: who had said so ended behind it."""
    return any(row["backup"] == backup for row in transaction.execute(_WENT_ON))


class WentOn(msgspec.Struct, frozen=True):
    """A chain that went on behind entry `seq` after a restore: entries behind it that were noted before `at` are lost."""

    chain: str
    seq: int
    at: float
    backup: str


def restores(transaction: Transaction, proves: journal.Proves) -> list[WentOn]:
    """Of all chains; those alone that were marked with our key."""
    return [
        WentOn(row["node"], int(row["seq"]), float(row["at"]), row["backup"])
        for row in transaction.execute(_WENT_ON)
        if proves(went_on(row["node"], int(row["seq"]), row["hash"], float(row["at"])), row["mark"])
    ]


def went_on(chain: str, seq: int, hash: str, at: float) -> bytes:
    """What the mark of a place is about where a chain went on after a restore."""
    return msgspec.json.encode(["journal restored", chain, seq, hash, at])


def _change(transaction: Transaction, found: Restored, backup: str, now: float, actor: str) -> Entry:
    before = found.item
    act = Act(
        Event.RESTORE, now, outcomes=found.outcomes, recipients=found.withdrawn,
        hold=RESTORED if found.what == HELD else "", person=actor,
    )  # fmt: skip
    after = apply(before, act)
    detail = {
        "backup": backup, "why": found.why, "from": before.state, "to": after.state,
        "outcomes": [told_of(o) for o in found.outcomes],
        "recipients": [before.recipients[n].path.address for n in found.withdrawn],
    }  # fmt: skip
    update(transaction, before, after)
    waits.note(transaction, before, after, Event.RESTORE, actor, now, {})
    return entry_of(after, Event.RESTORE, actor, now, detail)
