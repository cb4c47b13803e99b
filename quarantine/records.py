"""Items that change: in the database, within a transaction, and in the journal."""

from collections.abc import Mapping, Sequence
from typing import Any

from quarantine.item import Entry, Event, Item, NotAllowed, Outcome
from quarantine.reported.fingerprints import journal_fields
from quarantine.rows import UPDATE, UPDATE_RECIPIENT, changes_of, recipient_changes
from storage import journal
from storage.interfaces import Transaction


def update(transaction: Transaction, before: Item, after: Item) -> None:
    """Write what changed. Raises NotAllowed when the row is no longer at the version that was read."""
    transaction.execute(UPDATE, changes_of(after, before.version))
    if transaction.changed() != 1:
        raise NotAllowed("somebody else changed it in the meantime")
    if changed := recipient_changes(before, after):
        transaction.executemany(UPDATE_RECIPIENT, changed)


def moved(
    transaction: Transaction, node: str, pairs: Sequence[tuple[Item, Item]], entries: Sequence[Entry]
) -> None:
    """Write how items were and are, with the entries that say so: their rows are locked, so the versions are right."""
    transaction.executemany(UPDATE, [changes_of(after, before.version) for before, after in pairs])
    journal.append(transaction, node, entries)


def entry_of(item: Item, event: Event, actor: str, now: float, detail: Mapping[str, Any]) -> Entry:
    """What the journal tells of an event, `item` as it is afterwards."""
    return Entry(now, event.value, actor, item.id, item.mail_id, item.tenant, dict(detail))


def told_of(outcome: Outcome) -> list[str | int]:
    """An outcome in the journal."""
    why = [outcome.cause, outcome.hop] if outcome.cause else []
    return [outcome.recipient, outcome.status.value, outcome.reply[:500], *why]


def accepted_entry(item: Item, now: float, actor: str) -> Entry:
    """What the journal tells of an item that comes into our custody."""
    detail: dict[str, Any] = {
        "state": item.state.value,
        "direction": item.direction,
        "from": item.reverse_path,
        "to": [r.path.address for r in item.recipients],
        "size": item.size,
        "sha256": item.sha256,
        "due_at": item.due_at,
        "holds": item.holds,
        "approvals": item.approvals,
        "rewrites": item.rewrites,
        "findings": sorted({f.rule for f in item.findings}),
    }
    if item.upstream:
        detail["upstream"] = item.upstream
    if item.policy:
        detail["policy"] = item.policy
    if item.direction == "inbound":
        detail |= journal_fields(item.summary, item.findings, "banner" in item.rewrites)
    return entry_of(item, Event.ACCEPT, actor, now, detail)
