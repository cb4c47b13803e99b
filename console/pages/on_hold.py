"""My held mail, the page of one mail, and what its sender may do with it (OUT-DELAY)."""

import asyncio

import msgspec
from starlette.responses import Response

from console.content import ReadableMail, read
from console.desk import ReasonNeeded
from console.paging import listed
from console.view import Domain, Standing, domains, standing
from console.visit import SIGNED_IN, May, Visit, page
from directory.passphrases import groups
from filters.examined import UNEXAMINABLE
from filters.verdict import UNTIL_RELEASED
from quarantine.item import Event, Item, NotAllowed, State
from quarantine.lifecycle import possible
from quarantine.requests import Request
from quarantine.rights import Verb, asked, needs_reason, own
from quarantine.store import Query

EVENTS = (
    Event.RECALL, Event.STOP, Event.RESUME, Event.SEND_NOW, Event.APPROVE, Event.DENY, Event.RELEASE, Event.DISCARD,
)  # fmt: skip
"""What people bring about on the page of one mail."""
WAITING = (State.HELD, State.QUEUED, State.ACTIVE)


@page("GET", "/mail", SIGNED_IN)
async def list_held(visit: Visit) -> Response:
    find = visit.context.store.find
    mine = Query(owner=visit.me.login, tenant=visit.me.tenant, direction="outbound")
    waiting = await listed(visit, msgspec.structs.replace(mine, state=WAITING))
    recent = await find(msgspec.structs.replace(mine, state=(State.DONE, State.WITHDRAWN), limit=20))
    organisation = visit.context.policy().organisation
    return visit.render(
        "on_hold.html",
        waiting=[
            (i, domains(i, organisation), _standing(visit, i)) for i in sorted(waiting.items, key=_soonest)
        ],
        more=waiting.more,
        recent=[(i, domains(i, organisation), _standing(visit, i)) for i in recent],
    )


@page("GET", "/mail/{id}", May(Verb.SEE))
async def one(visit: Visit) -> Response:
    """The page of one mail: the link in a notice leads here."""
    content = await _content(visit) if visit.item.owner == visit.me.login else None
    return await show(visit, content=content)


@page("POST", "/mail/{id}/open", May(Verb.OPEN))
async def open_content(visit: Visit) -> Response:
    """Open the content of somebody else's mail; on record, with a reason unless one was asked to approve it."""
    try:
        return await show(visit, content=await _content(visit, visit.field("reason", 500).strip()))
    except ReasonNeeded:
        return await show(visit, error="reason_needed", status=400)


@page("POST", "/mail/{id}/passphrase", May(Verb.PASSPHRASE))
async def show_passphrase(visit: Visit) -> Response:
    """Show the generated passphrase, in this response only: to the sender, on record (OUT-PASSWORD)."""
    try:
        plain = await visit.context.desk.passphrase(visit.item.id, visit.actor)
    except LookupError:
        return await show(visit, error="passphrase_gone", status=404)
    return await show(visit, content=await _content(visit), passphrase=groups(plain))


@page("POST", "/mail/{id}/recall", May(Verb.RECALL))
async def recall(visit: Visit) -> Response:
    return await act(visit, Event.RECALL)


@page("POST", "/mail/{id}/stop", May(Verb.STOP))
async def stop(visit: Visit) -> Response:
    return await act(visit, Event.STOP)


@page("POST", "/mail/{id}/resume", May(Verb.RESUME))
async def resume(visit: Visit) -> Response:
    return await act(visit, Event.RESUME)


@page("POST", "/mail/{id}/send_now", May(Verb.SEND_NOW))
async def send_now(visit: Visit) -> Response:
    """Send now, after a self-review: every external domain and the attachments are ticked."""
    wanted = set(checklist(visit.item, domains(visit.item, visit.context.policy().organisation)))
    if not wanted <= set(visit.form.get("checked", [])):
        return await show(visit, error="send_now_unchecked", status=400, content=await _content(visit))
    return await act(visit, Event.SEND_NOW)


async def act(visit: Visit, event: Event, *, back: str = "", **detail: str) -> Response:
    """Let an event happen, and say truthfully what came of it: the store decides, not the page that was shown."""
    item_page = f"/mail/{visit.item.id}"
    if not await happens(visit, event, **detail):
        return visit.to(item_page, "late")
    return visit.to(back or item_page, f"did_{event}")


async def happens(visit: Visit, event: Event, **detail: str) -> bool:
    """Let an event happen; False when it cannot happen any more."""
    try:
        await visit.context.store.change(visit.item.id, event, visit.actor, visit.now, detail)
    except NotAllowed:
        return False
    return True


def blocked(visit: Visit, can: set[Event]) -> str:
    """The word that says why an administrator cannot release this mail, "" when they can or nobody need."""
    item = visit.item
    if item.state is not State.HELD or Event.RELEASE in can or Verb.QUARANTINE not in visit.charge:
        return ""
    if not (item.holds or item.delay >= UNTIL_RELEASED):
        return ""
    if whose := own(visit.me, item):
        return "blocked_owner" if whose == "sender" else "blocked_own"
    return "blocked_rewrite" if UNEXAMINABLE in item.holds and item.rewrites else ""


async def show(
    visit: Visit,
    *,
    content: ReadableMail | None = None,
    passphrase: list[str] | None = None,
    error: str = "",
    status: int = 200,
) -> Response:
    """The page of the mail of this visit."""
    item = visit.item
    places = domains(item, visit.context.policy().organisation)
    can = {
        event
        for event in EVENTS
        if event.value in visit.rights
        and any(possible(item, event, visit.now, role) for role in _roles(visit, event))
    }
    entries = await visit.context.store.entries(item.tenant, item=item.id, limit=200)
    return visit.render(
        "mail.html",
        status=status,
        item=item,
        domains=places,
        state=_standing(visit, item),
        can=can,
        checklist=checklist(item, places),
        entries=entries,
        content=content,
        needs_reason=needs_reason(visit.me, item, visit.owner),
        mine=item.owner == visit.me.login,
        passphrase=passphrase,
        error=error,
        blocked=blocked(visit, can),
        requests=await _requests(visit),
    )


async def _requests(visit: Visit) -> list[tuple[Request, str]]:
    """What recipients have asked, with their names, for those who decide."""
    if Verb.DISCARD not in visit.rights or visit.item.direction != "inbound":
        return []
    found = (await visit.context.requests.of(visit.item.tenant, [visit.item.id])).get(visit.item.id, [])
    people = {r.person: await visit.context.people.account(r.tenant, r.person) for r in found}
    return [(r, a.name_in(visit.language) if (a := people[r.person]) else r.person) for r in found]


def checklist(item: Item, places: list[Domain]) -> list[str]:
    """What must be ticked before an early send: external domains (not single addresses), and the attachments."""
    found = [d.name for d in places if d.kind == "external"]
    return [*found, "attachments"] if item.summary.attachments else found


def _soonest(item: Item) -> tuple[bool, float]:
    """What leaves first stands first; what waits for a person comes after."""
    timed = item.due_at is not None and not item.approvals and not item.holds
    return (not timed, item.due_at if timed and item.due_at is not None else -item.accepted_at)


def _roles(visit: Visit, event: Event) -> tuple[str, ...]:
    return asked(visit.me, visit.item, visit.owner) if event in (Event.APPROVE, Event.DENY) else ("",)


def _standing(visit: Visit, item: Item) -> Standing:
    return standing(item, visit.now, visit.context.margin)


async def _content(visit: Visit, reason: str = "") -> ReadableMail | None:
    """What leaves, as text; None when it is no longer kept."""
    found = await visit.context.desk.open(visit.item.id, visit.actor, reason)
    if found is None:
        return None
    content = await asyncio.to_thread(read, found.raw)
    if found.original is not None:  # attachments may be in an archive by now: list them as they came
        original = await asyncio.to_thread(read, found.original)
        content = msgspec.structs.replace(content, files=original.files)
    return content
