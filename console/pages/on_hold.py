"""My held mail, the page of one mail, and what its sender may do with it (OUT-DELAY)."""

import asyncio
from collections.abc import Iterable, Sequence

import msgspec
from starlette.responses import Response

from config.approval import agreed, all_spoken
from config.consequence import UNTIL_RELEASED
from console.content import ReadableMail, read
from console.paging import after, next_page
from console.view import Domain, Standing, domains, standing
from console.visit import SIGNED_IN, May, Visit, page
from directory.account import name_in
from directory.passphrases import groups
from filters.examined import UNEXAMINABLE, ShownFile
from quarantine.item import FINAL, Event, Item, NotAllowed, State, Status, together
from quarantine.lifecycle import TOLD_HOLDS
from quarantine.rights import NOBODY, Verb, Voice, own
from quarantine.service.desk import ReasonNeeded


@page("GET", "/mail", SIGNED_IN)
async def list_held(visit: Visit) -> Response:
    waiting = await visit.service.my_mail(after(visit))
    entrusted = await visit.service.entrusted(after(visit, "others"))
    return visit.render(
        "on_hold.html",
        waiting=await rows_of(visit, sorted(together(waiting.items), key=_soonest)),
        more=next_page(visit, waiting.after),
        entrusted=await rows_of(visit, together(entrusted.items)),
        more_entrusted=next_page(visit, entrusted.after, "others"),
        recent=await rows_of(visit, together(await visit.service.my_recent())),
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
        plain = await visit.service.passphrase(visit.item.id)
    except LookupError:
        return await show(visit, error="passphrase_gone", status=404)
    return await show(visit, content=await _content(visit), passphrase=groups(plain))


@page("POST", "/mail/{id}/recall", May(Verb.RECALL))
async def recall(visit: Visit) -> Response:
    return await act(visit, Event.RECALL)


@page("POST", "/mail/{id}/drop", May(Verb.DROP))
async def drop(visit: Visit) -> Response:
    """Take back some of the recipients; the others get it."""
    chosen = tuple(
        int(n) for n in visit.form.get("recipient", []) if n.isascii() and n.isdigit() and len(n) < 5
    )
    if not chosen:
        return await show(visit, error="drop_nobody", status=400, content=await _content(visit))
    return await act(visit, Event.DROP, recipients=chosen)


@page("POST", "/mail/{id}/stop", May(Verb.STOP))
async def stop(visit: Visit) -> Response:
    return await act(visit, Event.STOP)


@page("POST", "/mail/{id}/resume", May(Verb.RESUME))
async def resume(visit: Visit) -> Response:
    return await act(visit, Event.RESUME)


@page("POST", "/mail/{id}/retry", May(Verb.RETRY))
async def retry(visit: Visit) -> Response:
    """Try it now instead of at its next attempt."""
    return await act(visit, Event.RETRY)


@page("POST", "/mail/{id}/send_now", May(Verb.SEND_NOW))
async def send_now(visit: Visit) -> Response:
    """Send now, after a self-review: every external domain and the attachments are ticked."""
    whole = visit.mail.whole
    wanted = set(checklist(whole, domains(whole, await visit.service.organisation())))
    if not wanted <= set(visit.form.get("checked", [])):
        return await show(visit, error="send_now_unchecked", status=400, content=await _content(visit))
    return await act(visit, Event.SEND_NOW)


async def act(
    visit: Visit,
    event: Event,
    *,
    back: str = "",
    voice: Voice = NOBODY,
    comment: str = "",
    reason: str = "",
    tell: bool = False,
    bound: str = "",
    recipients: tuple[int, ...] = (),
) -> Response:
    """Let an event happen, and say truthfully what came of it: the store decides, not the page that was shown."""
    item_page = f"/mail/{visit.item.id}"
    try:
        await visit.service.change(
            visit.item.id, event, voice=voice, comment=comment, reason=reason, tell=tell, bound=bound,
            recipients=recipients,
            alike=visit.field("alike") == "yes",
        )  # fmt: skip
    except NotAllowed:
        return visit.to(item_page, "late")
    return visit.to(back or item_page, f"did_{event}")


def fixed_until(visit: Visit) -> float | None:
    """Until when the policy keeps its sender from sending it, where nothing else does; None where they may."""
    item, until = visit.item, visit.item.accepted_at + visit.item.fixed
    mine = item.owner == visit.me.login and item.state is State.HELD
    return until if mine and not (item.approvals or item.holds) and visit.now < until else None


def asked_until(visit: Visit) -> float | None:
    """The time to leave of held mail, where that is later than its delay (RFC 4865, or business hours)."""
    item = visit.item
    if item.state is not State.HELD or item.not_before is None or item.delay >= UNTIL_RELEASED:
        return None
    until = item.not_before - visit.context.margin
    return until if item.not_before > item.accepted_at + item.delay and visit.now < until else None


def blocked(visit: Visit) -> str:
    """The word that says why an administrator cannot release this mail, "" when they can or nobody need."""
    item = visit.item
    if item.state is not State.HELD or Event.RELEASE in visit.mail.can or Verb.QUARANTINE not in visit.charge:
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
    file: ShownFile | None = None,
    file_number: int = -1,
    error: str = "",
    status: int = 200,
) -> Response:
    """The page of the mail of this visit; for somebody who is asked, the page on which they decide."""
    item, found = visit.item, visit.mail
    organisation = await visit.service.organisation()
    places = domains(item, organisation)
    history = await visit.service.history(item.id)
    decides = bool(found.asked) and item.state is State.HELD and not visit.query("all")
    return visit.render(
        "decide.html" if decides else "mail.html",
        grounds=await visit.service.grounds(item.id) if decides else None,
        following=_following(visit) if decides else "",
        acting_for=found.asked[0].place if found.asked else "",
        reasoned=bool(found.asked) and found.asked[0].reasoned,
        opened=visit.request.url.path.endswith("/open"),
        file=file,
        file_number=file_number,
        excludable=await _excludable(visit),
        status=status,
        item=item,
        domains=places,
        state=_standing(visit, item),
        can=found.can,
        droppable=_droppable(item, places),
        whole=domains(found.whole, organisation),
        alike=len(found.alike),
        checklist=checklist(found.whole, domains(found.whole, organisation)),
        entries=history.entries,
        content=content,
        needs_reason=found.needs_reason,
        called={
            login: name_in(names, visit.language) or login
            for login, names in (history.names | found.names).items()
        },
        mine=item.owner == visit.me.login,
        passphrase=passphrase,
        error=error,
        blocked=blocked(visit),
        fixed_until=fixed_until(visit),
        asked_until=asked_until(visit),
        told_holds=TOLD_HOLDS,
        requests=[(w.request, name_in(w.name, visit.language) or w.request.person) for w in history.requests],
    )


def checklist(item: Item, places: list[Domain]) -> list[str]:
    """What must be ticked before an early send: external domains (not single addresses), and the attachments."""
    open_ = (d for d in places if any(r.status not in FINAL for r in d.recipients))
    found = [d.name for d in open_ if d.kind == "external"]
    return [*found, "attachments"] if item.summary.attachments else found


def _soonest(item: Item) -> tuple[bool, float]:
    """What leaves first stands first; what waits for a person comes after."""
    timed = item.due_at is not None and not (item.approvals or item.holds or item.self_review)
    return (not timed, item.due_at if timed and item.due_at is not None else -item.accepted_at)


async def rows_of(visit: Visit, items: Iterable[Item]) -> list[tuple[Item, list[Domain], Standing]]:
    """Items as lists show them: without recipients that were taken back, while there are others."""
    organisation = await visit.service.organisation()
    return [(item, domains(_going(item), organisation), _standing(visit, item)) for item in items]


def _going(item: Item) -> Item:
    kept = tuple(r for r in item.recipients if r.status is not Status.WITHDRAWN)
    return msgspec.structs.replace(item, recipients=kept) if kept else item


def _standing(visit: Visit, item: Item) -> Standing:
    return standing(item, visit.now, visit.context.margin)


async def _content(visit: Visit, reason: str = "") -> ReadableMail | None:
    """What leaves, as text; None when it is no longer kept."""
    found = await visit.service.open(visit.item.id, reason)
    if found is None:
        return None
    content = await asyncio.to_thread(read, found.raw)
    if found.original is not None:  # attachments may be in an archive by now: list them as they came
        original = await asyncio.to_thread(read, found.original)
        content = msgspec.structs.replace(content, files=original.files)
    return content


async def _excludable(visit: Visit) -> dict[str, str]:
    """Whom the sender may leave out, with the names to show."""
    if Verb.EXCLUDE not in visit.rights or not visit.item.approvals or visit.item.state is not State.HELD:
        return {}
    found = await visit.service.excludable(visit.item.id)
    return {login: name_in(names, visit.language) or login for login, names in found.items()}


def voice_of(visit: Visit) -> Voice:
    """The first of the voices that the person has: their own goes before that of whom they act for."""
    return next(iter(visit.mail.asked), Voice(""))


def _following(visit: Visit) -> str:
    """What happens when this person agrees, as a sentence."""
    item = visit.item
    left = agreed(item.approvals, voice_of(visit).role)
    if left:
        return visit.say("decide_others", roles=all_spoken(left, visit.language))
    if item.holds:
        return visit.say("decide_review")
    if item.due_at is None:
        return visit.say("decide_sender")
    at = item.due_at - visit.context.margin
    return visit.say("decide_at", time=visit.hour(at)) if at > visit.now else visit.say("decide_now")


def _droppable(item: Item, places: Sequence[Domain]) -> list[tuple[int, str, Domain]]:
    """The recipients that can be taken back, as they stand on the page: outsiders first. Number, address, domain."""
    rank = {domain.name: n for n, domain in enumerate(places)}
    found = [(n, r.path) for n, r in enumerate(item.recipients) if r.status not in FINAL]
    found.sort(key=lambda pair: rank[pair[1].domain])
    return [(n, path.address, places[rank[path.domain]]) for n, path in found]
