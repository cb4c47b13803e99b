"""The message trace: what happened to a mail, read from the journal (OPS-LOG)."""

from collections.abc import Sequence
from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import Response

from console.view import domains, standing
from console.visit import InCharge, Visit, page
from quarantine.events import JournalEvent
from quarantine.item import Entry
from quarantine.rights import Verb, verbs
from quarantine.store import Query

LIMIT = 100
_INLINE = ("refuse", "next_hop_refused", "pass", "hand_over")
"""Events of mail that never was an item, what came of it before what was about to happen."""


class Passed(msgspec.Struct, frozen=True):
    """A mail that passed, or was refused, without ever being in our custody. `entry` tells of it, with the event that
    says what came of it."""

    entry: Entry
    subject: str
    sender: str
    recipients: tuple[str, ...]
    message_id: str


@page("GET", "/trace", InCharge(Verb.TRACE))
async def search(visit: Visit) -> Response:
    """Search by sender, recipient, subject, Message-ID or id."""
    text = visit.query("text").strip()
    store, tenant = visit.context.store, visit.me.tenant
    items = await store.find(Query(tenant=tenant, text=text, limit=LIMIT))
    if text and text.isascii() and text.isalnum():
        items += [i for i in await store.find(Query(tenant=tenant, mail_id=text.lower())) if i not in items]
    entries: list[Entry] = []
    for event in _INLINE:
        entries += await store.entries(tenant, event=event, limit=1000)
    passed = _passed(entries)
    words = text.lower().split()
    found = [p for p in passed if all(w in _haystack(p) for w in words)]
    organisation = visit.context.policy().organisation
    return visit.render(
        "trace.html",
        text=text,
        rows=[(i, domains(i, organisation), standing(i, visit.now, visit.context.margin)) for i in items],
        passed=sorted(found, key=lambda p: -p.entry.at)[:LIMIT],
        limit=LIMIT,
        full=len(items) >= LIMIT or len(found) > LIMIT,
    )


@page("GET", "/trace/{mail_id}", InCharge(Verb.TRACE))
async def timeline(visit: Visit) -> Response:
    """Everything on record about one mail, all its copies together."""
    mail_id = visit.request.path_params["mail_id"]
    if not (mail_id.isascii() and mail_id.isalnum() and len(mail_id) <= 128):
        raise HTTPException(404)
    store, tenant = visit.context.store, visit.me.tenant
    items = await store.find(Query(tenant=tenant, mail_id=mail_id, limit=50, order="oldest"))
    entries = await store.entries(tenant, mail_id=mail_id, limit=1000)
    if not items and not entries:
        raise HTTPException(404)
    organisation = visit.context.policy().organisation
    visible = {i.id for i in items if Verb.SEE in verbs(visit.me, i)}
    return visit.render(
        "trace_one.html",
        mail_id=mail_id,
        items=[(i, domains(i, organisation), standing(i, visit.now, visit.context.margin)) for i in items],
        visible=visible,
        entries=entries,
        passed=_passed([e for e in entries if e.event in _INLINE]),
    )


def _passed(entries: Sequence[Entry]) -> list[Passed]:
    """The mails that these entries tell of, under the event that says what came of each."""
    told: dict[str, Entry] = {}
    ended: dict[str, str] = {}
    for number, entry in enumerate(entries):
        key = entry.mail_id or str(number)
        if entry.event != JournalEvent.HAND_OVER:
            ended[key] = entry.event
        if "to" in entry.detail:
            told.setdefault(key, entry)
    return [_mail(msgspec.structs.replace(e, event=ended.get(key, e.event))) for key, e in told.items()]


def _mail(entry: Entry) -> Passed:
    detail: dict[str, Any] = entry.detail
    recipients = detail.get("to")
    return Passed(
        entry,
        str(detail.get("subject", "")),
        str(detail.get("from", "")),
        tuple(str(r) for r in recipients) if isinstance(recipients, list | tuple) else (),
        str(detail.get("message_id", "")),
    )


def _haystack(passed: Passed) -> str:
    return " ".join(
        (passed.subject, passed.sender, *passed.recipients, passed.message_id, passed.entry.mail_id)
    ).lower()
