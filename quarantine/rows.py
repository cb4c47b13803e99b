"""Items as rows of the database and back, and which rows a query means. Structures are JSON."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from config.cases import Waits
from filters.examined import Summary
from filters.finding import Finding
from mail.address import without_tag
from mail.envelope import ForwardPath
from quarantine.item import Agreed, Arrival, Item, Recipient, State, Status
from quarantine.retention.keeping import kept_as
from quarantine.search.text import escaped, having, searched, words_of
from quarantine.waits.asking import Approver, Places, asking, placed
from storage import keys
from storage.interfaces import Row, StoreError
from storage.journal import canonical, clean
from storage.statements import assigned, insert_into

_TEXT = (
    "id", "mail_id", "tenant", "direction", "owner", "node", "reverse_path", "ret", "envid", "body",
    "peer", "blob", "original", "sha256", "passphrase_source", "policy", "ended", "upstream",
)  # fmt: skip
_PLAIN = (
    "accepted_at", "queued_at", "due_at", "delay", "not_before", "fixed", "attempts", "token", "version", "size", "secret",
    "ended_at", "erased_at",
)  # fmt: skip
_JSON = (
    "holds", "approvals", "asks", "agreed", "excluded", "rewrites", "summary", "findings", "arrival", "untouched",
)  # fmt: skip
COLUMNS = (*_TEXT, *_PLAIN, *_JSON, "state", "smtputf8", "self_review", "waits", "search", "kept_as")
CHANGING = (
    "state", "queued_at", "due_at", "waits", "holds", "approvals", "asks", "agreed", "excluded", "attempts", "token",
    "version", "node", "self_review", "ended", "ended_at",
)  # fmt: skip

_OF_ATTEMPT = ("status", "reply", "at", "cause", "hop")

INSERT = insert_into("item", COLUMNS)
UPDATE = f"UPDATE item SET {assigned(CHANGING)} WHERE id = :id AND tenant = :tenant AND version = :before"  # noqa: S608
_OF_RECIPIENT = ("item", "tenant", "number", "address", "mailbox", "notify", "orcpt", *_OF_ATTEMPT)
INSERT_RECIPIENT = insert_into("recipient", _OF_RECIPIENT)
REPLACE = (
    "UPDATE item SET blob = :blob, size = :size, sha256 = :sha256, rewrites = :rewrites, findings = :findings,"
    " kept_as = :kept_as"
    " WHERE id = :id AND tenant = :tenant"
)
UPDATE_RECIPIENT = (
    f"UPDATE recipient SET {assigned(_OF_ATTEMPT)}"  # noqa: S608
    " WHERE item = :item AND tenant = :tenant AND number = :number"
)

_names = msgspec.json.Decoder(tuple[str, ...])
_summary = msgspec.json.Decoder(Summary)
_findings = msgspec.json.Decoder(tuple[Finding, ...])
_agreed = msgspec.json.Decoder(tuple[Agreed, ...])
_arrival = msgspec.json.Decoder(Arrival)
_waits_end = msgspec.json.Decoder(Waits)


_TENANT = "(:tenant = '' OR tenant = :tenant)"
WHOSE = {True: "tenant = :tenant", False: _TENANT}
"""By `in_order`: of one tenant, through an index that begins with it; or of whom a parameter says, through another."""
_WAITS_FOR = (
    f"id IN (SELECT item FROM recipient WHERE {_TENANT} AND status = 'waiting' AND mailbox IN ({{}}))"  # noqa: S608
)
"""Mail that one of these mailboxes still waits for."""
_KEPT_BY = f"id IN (SELECT item FROM recipient WHERE {_TENANT} AND status = 'deferred' AND hop = :hop)"  # noqa: S608
_GOES_TO = (
    f"id IN (SELECT item FROM recipient WHERE {_TENANT} AND status IN ('waiting', 'deferred')"  # noqa: S608
    " AND mailbox LIKE :domain ESCAPE '\\')"
)
_REQUESTED = f"id IN (SELECT item FROM release_requests WHERE {_TENANT} AND state = 'open')"  # noqa: S608
"""Mail whose release somebody has asked for, and nobody has decided."""
_REVIEW = (
    "state = 'held' AND holds <> '[\"disarmed\"]'"
    " AND (holds <> '[]' OR (delay >= 1000000000 AND approvals = '[]'))"
)
"""DISARMED alone, UNTIL_RELEASED: as the index item_review has it, which is used for the same words only."""


class Place(NamedTuple):
    """Where an item stands in a list: when it was accepted, and its id."""

    at: float
    id: str


class Query(msgspec.Struct, frozen=True):
    """Which items to find; a field that is empty or None does not restrict.

    tenant    whose; EVERY only for the system's own work
    text      words that all occur in the addresses, the subject, the message-id or the attachments' names
    mailboxes   addresses (lower case, without sub-addresses): mail for which one of them still waits
    ids         these items
    requested   mail whose release somebody has asked for, and nobody has decided; False leaves it out
    asks        mail that waits for the word of the first of these, perhaps in the place of one of the others
    placed      leaving mail of these people, and from these shared mailboxes
    review      mail that an administrator has to decide: not what waits for approvals or the clock alone, and not the
                originals of what was delivered
    mail_ids    mail with one of these
    hop         mail that this next hop (host:port) keeps waiting
    domain      mail that still has to go to this domain
    later       due after this moment (UTC seconds)
    hold        items that wait for this hold, whatever else they wait for
    only_hold   items that wait for nothing but this hold; `not_only` leaves them out
    since, until   of acceptance (UTC seconds)
    order     "newest" or "oldest" by acceptance
    after     behind this place in that order: how one goes on with a list that is longer than `limit`
    """

    tenant: str
    state: tuple[State, ...] = ()
    direction: str = ""
    owner: str = ""
    mail_id: str = ""
    approval: str = ""
    text: str = ""
    mailboxes: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    requested: bool | None = None
    asks: tuple[Approver, ...] = ()
    placed: Places | None = None
    review: bool = False
    mail_ids: tuple[str, ...] = ()
    hop: str = ""
    domain: str = ""
    later: float | None = None
    hold: str = ""
    only_hold: str = ""
    not_only: str = ""
    since: float | None = None
    until: float | None = None
    limit: int = 100
    order: str = "newest"
    after: Place | None = None


def row_of(item: Item) -> dict[str, Any]:
    """Raises StoreError when its contents are another tenant's."""
    check_tenant(item)
    row = msgspec.structs.asdict(item)
    row["asks"] = item.asks
    del row["recipients"]
    for name in _TEXT:
        text = row[name]
        if not text.isprintable():
            row[name] = clean(text)
    for name in _JSON:
        row[name] = _json(row[name])
    row["state"] = item.state.value
    row["smtputf8"], row["self_review"] = int(item.smtputf8), int(item.self_review)
    row["waits"] = _waits(item)
    row["search"] = searched(item)
    row["kept_as"] = kept_as(item.findings)
    return row


def _waits(item: Item) -> int:
    """How many words are still missing."""
    return len(item.holds) + len(item.approvals) + item.self_review


def check_tenant(item: Item) -> None:
    """Raises StoreError when an item names the content of another tenant."""
    for key in (item.blob, item.original):
        if key and keys.tenant_of(key) != item.tenant:
            raise StoreError("an item names the content of another tenant")


def _json(value: Any) -> str:
    return canonical(value) if value else "[]"


def names_row(names: tuple[str, ...]) -> str:
    """Holds, approvals or rewrites as their column holds them."""
    return _json(names)


def changes_of(item: Item, before: int) -> dict[str, Any]:
    """Parameters of UPDATE: what can change in an item, for the row that has version `before`."""
    return {
        "id": item.id,
        "tenant": item.tenant,
        "before": before,
        "state": item.state.value,
        "queued_at": item.queued_at,
        "due_at": item.due_at,
        "waits": _waits(item),
        "self_review": int(item.self_review),
        "holds": _json(item.holds),
        "approvals": _json(item.approvals),
        "asks": _json(item.asks),
        "agreed": _json(item.agreed),
        "excluded": _json(item.excluded),
        "attempts": item.attempts,
        "token": item.token,
        "version": item.version,
        "node": clean(item.node),
        "ended": item.ended,
        "ended_at": item.ended_at,
    }


def replaced(item: Item) -> dict[str, Any]:
    """Parameters of REPLACE: what only looking again changes. Raises StoreError, as `row_of`."""
    check_tenant(item)
    return {
        "id": item.id,
        "tenant": item.tenant,
        "blob": item.blob,
        "size": item.size,
        "sha256": item.sha256,
        "rewrites": _json(item.rewrites),
        "findings": _json(item.findings),
        "kept_as": kept_as(item.findings),
    }


def recipient_rows(item: Item) -> list[dict[str, Any]]:
    return [
        {
            "item": item.id,
            "tenant": item.tenant,
            "number": number,
            "address": clean(r.path.address),
            "mailbox": clean(without_tag(r.path.address)),
            "notify": " ".join(r.path.notify),
            "orcpt": clean(r.path.orcpt),
            **_status(r),
        }
        for number, r in enumerate(item.recipients)
    ]


def recipient_changes(before: Item, after: Item) -> list[dict[str, Any]]:
    """Parameters of UPDATE_RECIPIENT for those that differ."""
    return [
        {"item": after.id, "tenant": after.tenant, "number": number, **_status(new)}
        for number, (old, new) in enumerate(zip(before.recipients, after.recipients, strict=True))
        if old is not new
    ]


def item_of(row: Row, recipients: Sequence[Row]) -> Item:
    """`recipients`: rows of this item in the order of their numbers."""
    values: dict[str, Any] = {name: row[name] for name in _TEXT}
    for name in _PLAIN:
        values[name] = row[name]
    values["secret"] = bytes(row["secret"])
    for name in ("holds", "approvals", "excluded", "rewrites"):
        text = row[name]
        values[name] = () if text == "[]" else _names.decode(text)
    values["summary"] = Summary() if row["summary"] == "[]" else _summary.decode(row["summary"])
    values["findings"] = () if row["findings"] == "[]" else _findings.decode(row["findings"])
    values["agreed"] = () if row["agreed"] == "[]" else _agreed.decode(row["agreed"])
    values["arrival"] = None if row["arrival"] == "[]" else _arrival.decode(row["arrival"])
    values["untouched"] = None if row["untouched"] == "[]" else _waits_end.decode(row["untouched"])
    return Item(
        state=State(row["state"]),
        smtputf8=bool(row["smtputf8"]),
        self_review=bool(row["self_review"]),
        recipients=tuple(
            Recipient(
                ForwardPath(r["address"], tuple(r["notify"].split()), r["orcpt"]),
                Status(r["status"]), r["reply"], r["at"], r["cause"], r["hop"],
            )
            for r in recipients
        ),
        **values,
    )  # fmt: skip


def _status(recipient: Recipient) -> dict[str, Any]:
    return {
        "status": recipient.status.value,
        "reply": clean(recipient.reply),
        "at": recipient.at,
        "cause": recipient.cause,
        "hop": clean(recipient.hop),
    }


def in_order(query: Query) -> bool:
    """True for a list of one tenant's that is read in its order; False where something names few items: SQLite takes every
    tenant for a small one and would read all of its items instead."""
    few = query.mail_id or query.mailboxes or query.ids or query.mail_ids or query.hop or query.domain
    return bool(query.tenant and not few and not query.requested)


def where(query: Query) -> tuple[str, dict[str, Any]]:
    """What a query adds to a statement that asks for the tenant: " AND …" for each condition; and all values."""
    values: dict[str, Any] = {"tenant": query.tenant}
    conditions = []
    for name in ("direction", "owner", "mail_id"):
        if value := getattr(query, name):
            conditions.append(f"{name} = :{name}")
            values[name] = value
    if query.state:
        names = [f"state{n}" for n in range(len(query.state))]
        conditions.append(f"state IN ({', '.join(':' + name for name in names)})")
        values.update(zip(names, [state.value for state in query.state], strict=True))
        # Say what the table of moves guarantees, so that a partial index can be used.
        if set(query.state) == {State.HELD}:
            conditions.append("state = 'held'")
        elif set(query.state) <= {State.QUEUED, State.ACTIVE}:
            conditions.append("due_at IS NOT NULL AND waits = 0")
    if query.mailboxes:
        names = [f"mailbox{n}" for n in range(len(query.mailboxes))]
        chosen = ", ".join(":" + name for name in names)
        conditions.append(_WAITS_FOR.format(chosen))
        values.update(zip(names, query.mailboxes, strict=True))
    if query.mail_ids:
        names = [f"mail{n}" for n in range(len(query.mail_ids))]
        conditions.append(f"mail_id IN ({', '.join(':' + name for name in names)})")
        values.update(zip(names, query.mail_ids, strict=True))
    if query.ids:
        names = [f"id{n}" for n in range(len(query.ids))]
        conditions.append(f"id IN ({', '.join(':' + name for name in names)})")
        values.update(zip(names, query.ids, strict=True))
    if query.hop:
        conditions.append(_KEPT_BY)
        values["hop"] = query.hop
    if query.domain:
        conditions.append(_GOES_TO)
        values["domain"] = f"%@{escaped(query.domain.lower())}"
    if query.later is not None:
        conditions.append("due_at > :later")
        values["later"] = query.later
    if query.requested is not None:
        conditions.append(_REQUESTED if query.requested else f"NOT {_REQUESTED}")
    if query.asks:
        conditions += asking(query.asks, values)
    if query.placed is not None:
        conditions.append(placed(query.placed, values))
    if query.review:
        conditions.append(_REVIEW)
    if query.after is not None:
        beyond = ">" if query.order == "oldest" else "<"
        conditions.append(
            f"(accepted_at {beyond} :after_at OR (accepted_at = :after_at AND id {beyond} :after_id))"
        )
        values.update(after_at=query.after.at, after_id=query.after.id)
    for name, comparison in (("only_hold", "="), ("not_only", "<>")):
        if hold := getattr(query, name):
            conditions.append(f"holds {comparison} :{name}")
            values[name] = names_row((hold,))
    if query.hold:
        conditions.append("holds LIKE :hold ESCAPE '\\'")
        values["hold"] = f'%"{escaped(query.hold)}"%'
    if query.approval:
        conditions.append("approvals LIKE :approval ESCAPE '\\'")
        values["approval"] = f'%"{escaped(query.approval)}"%'
    if words := words_of(query.text):
        has, asked = having(words)
        conditions.append(has)
        values |= asked
    for name, comparison in (("since", ">="), ("until", "<")):
        if (value := getattr(query, name)) is not None:
            conditions.append(f"accepted_at {comparison} :{name}")
            values[name] = value
    return "".join(f" AND {condition}" for condition in conditions), values
