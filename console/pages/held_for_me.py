"""Mail that waits before it reaches this person: why, its text, a request for it, the password of its files.

The recipients see these pages (READ in quarantine/rights.py), and nothing of each other but what To and Cc say. The text is shown
as text: nothing of it can be clicked, and no file is given out. A digest's link opens its list here, and does nothing.
"""

import asyncio
import hashlib

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import Response

from console.content import ReadableMail, read
from console.paging import listed
from console.visit import SIGNED_IN, May, Visit, badge, page
from filters.examined import DISARMED, LOCKED
from quarantine import digests, password_attempts
from quarantine.item import Item, NotAllowed, State, Status
from quarantine.requests import Request
from quarantine.rights import Verb, verbs
from quarantine.store import Query

PASSWORD = 256
_SHOWN = ("from", "reply-to", "to", "cc", "date", "subject")
_STATUS = {"wrong": 400, "over": 400, "busy": 503}


class Waiting(msgspec.Struct, frozen=True):
    """A mail as its recipient sees it.

    state   "locked" (a password is missing), "review" (an administrator decides), "original" (it was delivered without
            what is kept here), "passing" (it goes on by itself), "coming", "arrived", "failed" or "ended"
    until   when it ends undelivered (UTC seconds)
    """

    item: Item
    state: str
    until: float
    request: Request | None = None

    @property
    def can_ask(self) -> bool:
        return self.request is None and self.state in ("locked", "review", "original")


@badge("/waiting")
async def held_for(visit: Visit) -> int:
    """How many mails are held for this person."""
    if not visit.me.mailboxes:
        return 0
    held = Query(
        state=(State.HELD,),
        direction="inbound",
        tenant=visit.me.tenant,
        mailboxes=visit.me.mailboxes,
        not_only=DISARMED,
    )
    return await visit.context.store.count(held)


@page("GET", "/waiting", SIGNED_IN)
async def list_waiting(visit: Visit) -> Response:
    if not visit.me.mailboxes:
        return visit.render("held_for_me.html", rows=[], more="", digest=None)
    found = await listed(visit, mine(visit))
    return visit.render(
        "held_for_me.html", rows=await _rows(visit, found.items), more=found.more, digest=None
    )


@page("GET", "/waiting/{id}", May(Verb.READ))
async def one(visit: Visit) -> Response:
    return await _show(visit)


@page("POST", "/waiting/{id}/request", May(Verb.ASK))
async def request(visit: Visit) -> Response:
    """Ask the administrator for it; once for each mail and person."""
    try:
        await visit.context.requests.ask(visit.item, visit.actor, visit.field("comment", 500), visit.now)
    except NotAllowed:
        return visit.to(visit.here)
    return visit.to(visit.here, "did_request")


@page("POST", "/waiting/{id}/password", May(Verb.EXAMINE))
async def password(visit: Visit) -> Response:
    """Type the password of its locked files: it is inspected with it, and delivered when nothing else is wrong."""
    typed = visit.field("password", PASSWORD)
    if not typed:
        return await _show(visit, error="unlock_empty", status=400)
    outcome = str(await visit.context.unlock(visit.item, typed, visit.actor))
    if outcome in _STATUS:
        return await _show(visit, error=f"unlock_{outcome}", status=_STATUS[outcome])
    note = {"released": "did_unlock", "held": "did_unlock_held"}.get(outcome, "")
    return visit.to(visit.here, note)


@page("GET", "/digest/{token}", SIGNED_IN)
async def digest(visit: Visit) -> Response:
    """The list of one digest: for the person to whom it was sent, while it is fresh."""
    token = hashlib.sha256(visit.request.path_params["token"].encode("utf-8", "replace")).hexdigest()
    found = await digests.opened(visit.context.store.database, token, visit.me)
    if found is None or found.expires_at <= visit.now:
        return visit.render("digest_over.html", status=404 if found is None else 410)
    query = Query(ids=found.items, tenant=visit.me.tenant, direction="inbound", limit=len(found.items) or 1)
    items = await visit.context.store.find(query) if found.items else []
    items = [i for i in items if Verb.READ in verbs(visit.me, i)]
    return visit.render("held_for_me.html", rows=await _rows(visit, items), more="", digest=found)


def mine(visit: Visit) -> Query:
    """What waits for this person."""
    return Query(
        state=(State.HELD,), direction="inbound", tenant=visit.me.tenant, mailboxes=visit.me.mailboxes
    )


async def count(visit: Visit) -> int:
    """How many mails wait for this person."""
    return await visit.context.store.count(mine(visit)) if visit.me.mailboxes else 0


async def _rows(visit: Visit, items: list[Item]) -> list[Waiting]:
    asked = await visit.context.requests.of(visit.me.tenant, [i.id for i in items], visit.me.login)
    return [_seen(visit, item, next(iter(asked.get(item.id, ())), None)) for item in items]


def _seen(visit: Visit, item: Item, asked: Request | None) -> Waiting:
    until = item.accepted_at + visit.context.keep_days * 86_400.0
    return Waiting(item, _state(item), until, asked)


def _state(item: Item) -> str:
    if item.state is State.HELD:
        if LOCKED in item.holds:
            return "locked"
        if DISARMED in item.holds:
            return "original"
        return "review" if item.holds or item.approvals or item.due_at is None else "passing"
    if item.state is State.WITHDRAWN:
        return "ended"
    if item.state is not State.DONE:
        return "coming"
    return "failed" if any(r.status is Status.FAILED for r in item.recipients) else "arrived"


async def _show(visit: Visit, *, error: str = "", status: int = 200) -> Response:
    item = visit.item
    try:
        item = await visit.context.store.get(item.id, item.tenant)
    except LookupError:
        raise HTTPException(404) from None
    asked = (await visit.context.requests.of(visit.me.tenant, [item.id], visit.me.login)).get(item.id, [])
    content = await _content(visit, item) if item.state is State.HELD else None
    return visit.render(
        "held_for_me_one.html",
        status=status,
        mail=_seen(visit, item, asked[0] if asked else None),
        item=item,
        content=content,
        headers=[(n, v) for n, v in content.headers if n.lower() in _SHOWN] if content else [],
        left=await password_attempts.left(visit.context.store.database, item) if LOCKED in item.holds else 0,
        alone=item.holds == (LOCKED,),
        error=error,
    )


async def _content(visit: Visit, item: Item) -> ReadableMail | None:
    """The mail as it came, as text; None when it is no longer kept."""
    found = await visit.context.desk.read(item.id, visit.actor)
    return None if found is None else await asyncio.to_thread(read, found.raw)
