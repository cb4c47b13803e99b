"""Items as rows of the database and back, and which rows a query means. Structures are JSON; what people search for is normalised text."""

import unicodedata
from collections.abc import Sequence
from typing import Any

import msgspec

from filters.examined import Summary
from filters.finding import Finding
from mail.address import without_tag
from mail.envelope import ForwardPath
from quarantine.item import Arrival, Item, Recipient, State, Status
from storage import keys
from storage.interfaces import Row, StoreError
from storage.journal import canonical, clean
from storage.statements import assigned, insert_into

SEARCH_LIMIT = 4000
"""Characters of one item that can be searched."""

_TEXT = (
    "id", "mail_id", "tenant", "direction", "owner", "node", "reverse_path", "ret", "envid", "body",
    "peer", "blob", "original", "sha256", "passphrase_source",
)  # fmt: skip
_PLAIN = (
    "accepted_at", "queued_at", "due_at", "delay", "attempts", "token", "version", "size", "secret",
)  # fmt: skip
_JSON = ("holds", "approvals", "rewrites", "summary", "findings", "arrival")
COLUMNS = (*_TEXT, *_PLAIN, *_JSON, "state", "smtputf8", "waits", "search")
CHANGING = (
    "state", "queued_at", "due_at", "waits", "holds", "approvals", "attempts", "token", "version", "node",
)  # fmt: skip

INSERT = insert_into("item", COLUMNS)
UPDATE = f"UPDATE item SET {assigned(CHANGING)} WHERE id = :id AND tenant = :tenant AND version = :before"  # noqa: S608
INSERT_RECIPIENT = insert_into(
    "recipient",
    ("item", "tenant", "number", "address", "mailbox", "notify", "orcpt", "status", "reply", "at"),
)
REPLACE = (
    "UPDATE item SET blob = :blob, size = :size, sha256 = :sha256, rewrites = :rewrites, findings = :findings"
    " WHERE id = :id AND tenant = :tenant"
)
UPDATE_RECIPIENT = (
    "UPDATE recipient SET status = :status, reply = :reply, at = :at"
    " WHERE item = :item AND tenant = :tenant AND number = :number"
)

_names = msgspec.json.Decoder(tuple[str, ...])
_summary = msgspec.json.Decoder(Summary)
_findings = msgspec.json.Decoder(tuple[Finding, ...])
_arrival = msgspec.json.Decoder(Arrival)


_TENANT = "(:tenant = '' OR tenant = :tenant)"
_WAITS_FOR = (
    f"id IN (SELECT item FROM recipient WHERE {_TENANT} AND status = 'waiting' AND mailbox IN ({{}}))"  # noqa: S608
)
"""Mail that one of these mailboxes still waits for."""
_REQUESTED = f"id IN (SELECT item FROM release_requests WHERE {_TENANT} AND state = 'open')"  # noqa: S608
"""Mail whose release somebody has asked for, and nobody has decided."""


class Query(msgspec.Struct, frozen=True):
    """Which items to find; a field that is empty or None does not restrict.

    tenant    whose; EVERY only for the system's own work
    text      words that all occur in the addresses, the subject, the message-id or the attachments' names
    mailboxes   addresses (lower case, without sub-addresses): mail for which one of them still waits
    ids         these items
    requested   mail whose release somebody has asked for, and nobody has decided
    mail_ids    mail with one of these
    only_hold   items that wait for nothing but this hold; `not_only` leaves them out
    since, until   of acceptance (UTC seconds)
    order     "newest" or "oldest" by acceptance
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
    requested: bool = False
    mail_ids: tuple[str, ...] = ()
    only_hold: str = ""
    not_only: str = ""
    since: float | None = None
    until: float | None = None
    limit: int = 100
    offset: int = 0
    order: str = "newest"


def row_of(item: Item) -> dict[str, Any]:
    """Raises StoreError when its contents are another tenant's."""
    check_tenant(item)
    row = msgspec.structs.asdict(item)
    del row["recipients"]
    for name in _TEXT:
        text = row[name]
        if not text.isprintable():
            row[name] = clean(text)
    for name in _JSON:
        row[name] = _json(row[name])
    row["state"] = item.state.value
    row["smtputf8"] = int(item.smtputf8)
    row["waits"] = len(item.holds) + len(item.approvals)
    row["search"] = searched(item)
    return row


def check_tenant(item: Item) -> None:
    """Raises StoreError when an item names the content of another tenant."""
    for key in (item.blob, item.original):
        if key and keys.tenant_of(key) != item.tenant:
            raise StoreError("an item names the content of another tenant")


def names_row(names: tuple[str, ...]) -> str:
    """Holds, approvals or rewrites as their column holds them."""
    return _json(names)


def _json(value: Any) -> str:
    return canonical(value) if value else "[]"


def changes_of(item: Item, before: int) -> dict[str, Any]:
    """Parameters of UPDATE: what can change in an item, for the row that has version `before`."""
    return {
        "id": item.id,
        "tenant": item.tenant,
        "before": before,
        "state": item.state.value,
        "queued_at": item.queued_at,
        "due_at": item.due_at,
        "waits": len(item.holds) + len(item.approvals),
        "holds": _json(item.holds),
        "approvals": _json(item.approvals),
        "attempts": item.attempts,
        "token": item.token,
        "version": item.version,
        "node": clean(item.node),
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
    for name in ("holds", "approvals", "rewrites"):
        text = row[name]
        values[name] = () if text == "[]" else _names.decode(text)
    values["summary"] = Summary() if row["summary"] == "[]" else _summary.decode(row["summary"])
    values["findings"] = () if row["findings"] == "[]" else _findings.decode(row["findings"])
    values["arrival"] = None if row["arrival"] == "[]" else _arrival.decode(row["arrival"])
    return Item(
        state=State(row["state"]),
        smtputf8=bool(row["smtputf8"]),
        recipients=tuple(
            Recipient(
                ForwardPath(r["address"], tuple(r["notify"].split()), r["orcpt"]),
                Status(r["status"]),
                r["reply"],
                r["at"],
            )
            for r in recipients
        ),
        **values,
    )


def normalised(text: str) -> str:
    """Text as it is compared in a search: width and case folded, white space single."""
    return " ".join(unicodedata.normalize("NFKC", clean(text)).casefold().split())


def searched(item: Item) -> str:
    """Everything of an item that a search looks at."""
    summary = item.summary
    parts = [
        item.id, item.mail_id, item.reverse_path, summary.message_id, summary.subject, summary.author,
        summary.author_name, *(r.path.address for r in item.recipients), *summary.attachments,
    ]  # fmt: skip
    return normalised(" ".join(parts)[: 4 * SEARCH_LIMIT])[:SEARCH_LIMIT]


def _status(recipient: Recipient) -> dict[str, Any]:
    return {"status": recipient.status.value, "reply": clean(recipient.reply), "at": recipient.at}


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
    if query.requested:
        conditions.append(_REQUESTED)
    for name, comparison in (("only_hold", "="), ("not_only", "<>")):
        if hold := getattr(query, name):
            conditions.append(f"holds {comparison} :{name}")
            values[name] = names_row((hold,))
    if query.approval:
        conditions.append("approvals LIKE :approval ESCAPE '\\'")
        values["approval"] = f'%"{_escaped(query.approval)}"%'
    for n, word in enumerate(normalised(query.text[:1000]).split()[:20]):
        conditions.append(f"search LIKE :word{n} ESCAPE '\\'")
        values[f"word{n}"] = f"%{_escaped(word)}%"
    for name, comparison in (("since", ">="), ("until", "<")):
        if (value := getattr(query, name)) is not None:
            conditions.append(f"accepted_at {comparison} :{name}")
            values[name] = value
    return "".join(f" AND {condition}" for condition in conditions), values


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
