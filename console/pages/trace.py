"""The message trace: what happened to a mail, read from the journal (OPS-LOG)."""

import math
from collections.abc import Sequence
from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import Response

from console.paging import Listed, following, listed
from console.view import domains, standing
from console.visit import InCharge, Visit, page
from quarantine import handed_over
from quarantine.events import JournalEvent
from quarantine.handed_over import NEWEST, Position
from quarantine.item import Entry
from quarantine.rights import Verb, verbs
from quarantine.store import Query

LIMIT = 100
COPIES = 1_100
"""Of one mail: as many as it may have recipients, and our letters about it."""
PAGE, LOOKED_AT = 1000, 20_000
"""Entries of the journal that are read together, and that one request looks at."""
_INLINE = ("refuse", "hand_over", "pass", "next_hop_refused", "outcome_unknown")
"""Events of mail that never was an item."""


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
    tenant = visit.me.tenant
    found, more = Listed([], ""), ""
    if not visit.query("inline"):
        query = Query(tenant=tenant, text=text)
        found = await listed(visit, query)
        if text and text.isascii() and text.isalnum() and not visit.query("after"):
            same = await visit.context.store.find(Query(tenant=tenant, mail_id=text.lower()))
            found = Listed([*found.items, *(i for i in same if i not in found.items)], found.more)
    passed: list[Passed] = []
    place: Position | None = None
    if not visit.query("after"):
        passed, place = await _inline(visit, text.lower().split(), _place_of(visit.query("inline")))
    if place is not None:
        more = following(visit, inline=f"{place.at!r}~{place.chain}~{place.seq}")
    organisation = visit.context.policy().organisation
    return visit.render(
        "trace.html",
        text=text,
        rows=[
            (i, domains(i, organisation), standing(i, visit.now, visit.context.margin)) for i in found.items
        ],
        passed=passed,
        more_items=found.more,
        more=more,
        back_to=place.at if place is not None else None,
    )


async def _inline(visit: Visit, words: list[str], place: Position) -> tuple[list[Passed], Position | None]:
    """Mail that never was an item and has these words, the latest first, and where to look on, None at the end. A
    request looks at so many entries at most; the page says how far back that was."""
    kept: list[Entry] = []
    left = LOOKED_AT
    while left > 0:
        told = await handed_over.inline(visit.context.store.database, visit.me.tenant, place, PAGE)
        for at, entry in told:
            place = at
            if "to" in entry.detail and all(word in _haystack(entry) for word in words):
                kept.append(entry)
                if len(kept) >= LIMIT:
                    return await _with_outcomes(visit, kept), place
        if len(told) < PAGE:
            return await _with_outcomes(visit, kept), None
        left -= len(told)
    return await _with_outcomes(visit, kept), place


async def _with_outcomes(visit: Visit, entries: Sequence[Entry]) -> list[Passed]:
    """The mails of these entries, each with what came of it."""
    ids = tuple(e.mail_id for e in entries if e.event == JournalEvent.HAND_OVER)
    outcomes = await handed_over.outcomes(visit.context.store.database, visit.me.tenant, ids)
    return _passed([*outcomes, *entries])


def _place_of(text: str) -> Position:
    """The place in the journal that an address names; the beginning for what is none."""
    at, _, rest = text.partition("~")
    node, _, seq = rest.rpartition("~")
    try:
        place = Position(float(at), node, int(seq))
    except ValueError:
        return NEWEST
    return place if math.isfinite(place.at) else NEWEST


@page("GET", "/trace/{mail_id}", InCharge(Verb.TRACE))
async def timeline(visit: Visit) -> Response:
    """Everything on record about one mail, all its copies together."""
    mail_id = visit.request.path_params["mail_id"]
    if not (mail_id.isascii() and mail_id.isalnum() and len(mail_id) <= 128):
        raise HTTPException(404)
    store, tenant = visit.context.store, visit.me.tenant
    items = await store.find(Query(tenant=tenant, mail_id=mail_id, limit=COPIES, order="oldest"))
    entries = await store.entries(tenant, mail_id=mail_id, limit=20 * COPIES)
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


def _haystack(entry: Entry) -> str:
    mail = _mail(entry)
    return " ".join((mail.subject, mail.sender, *mail.recipients, mail.message_id, entry.mail_id)).lower()
