"""Mail that waits before it reaches this person: why, its text, a request for it, the password of its files.

The recipients see these pages (READ in quarantine/rights.py), and nothing of each other but what To and Cc say. The text is shown
as text: nothing of it can be clicked, and no file is given out. A digest's link opens its list here, and does nothing.
"""

import asyncio
from collections.abc import Callable

from starlette.responses import Response

from console.content import ReadableMail, read
from console.paging import after, next_page
from console.visit import SIGNED_IN, May, Visit, page
from filters.examined import LOCKED
from quarantine.item import Item, NotAllowed, State
from quarantine.rights import Verb
from quarantine.service.held import HeldMail

PASSWORD = 256
_SHOWN = ("from", "reply-to", "to", "cc", "date", "subject")
_STATUS = {"wrong": 400, "over": 400, "busy": 503}


@page("GET", "/waiting", SIGNED_IN)
async def list_waiting(visit: Visit) -> Response:
    found = await visit.service.held(after(visit))
    return _listed(visit, found.mails, more=next_page(visit, found.after))


@page("GET", "/waiting/{id}", May(Verb.READ))
async def one(visit: Visit) -> Response:
    return await _show(visit)


@page("POST", "/waiting/{id}/request", May(Verb.ASK))
async def request(visit: Visit) -> Response:
    """Ask the administrator for it; once for each mail and person."""
    try:
        await visit.service.ask(visit.item.id, visit.field("comment", 500))
    except NotAllowed:
        return visit.to(visit.here)
    return visit.to(visit.here, "did_request")


@page("POST", "/waiting/{id}/password", May(Verb.EXAMINE))
async def password(visit: Visit) -> Response:
    """Type the password of its locked files: it is inspected with it, and delivered when nothing else is wrong."""
    typed = visit.field("password", PASSWORD)
    if not typed:
        return await _show(visit, error="unlock_empty", status=400)
    outcome = await visit.service.unlock(visit.item.id, typed)
    if outcome in _STATUS:
        return await _show(visit, error=f"unlock_{outcome}", status=_STATUS[outcome])
    note = {"released": "did_unlock", "held": "did_unlock_held"}.get(outcome, "")
    return visit.to(visit.here, note)


@page("GET", "/digest/{token}", SIGNED_IN)
async def digest(visit: Visit) -> Response:
    """The list of one digest: for the person to whom it was sent, while it is fresh."""
    found = await visit.service.digest(visit.request.path_params["token"])
    if found is None or not found.fresh:
        return visit.render("digest_over.html", status=404 if found is None else 410)
    return _listed(visit, found.mails, digest=True)


def _listed(visit: Visit, mails: tuple[HeldMail, ...], *, more: str = "", digest: bool = False) -> Response:
    return visit.render("held_for_me.html", rows=mails, more=more, digest=digest, until_of=_until(visit))


def _until(visit: Visit) -> Callable[[Item], float]:
    """When a mail ends undelivered (UTC seconds)."""
    return lambda item: item.accepted_at + visit.context.keep_days * 86_400.0


async def _show(visit: Visit, *, error: str = "", status: int = 200) -> Response:
    mail = await visit.service.held_mail(visit.item.id)
    item = mail.item
    content = await _content(visit, item.id) if item.state is State.HELD else None
    return visit.render(
        "held_for_me_one.html",
        status=status,
        mail=mail,
        item=item,
        until_of=_until(visit),
        content=content,
        headers=[(n, v) for n, v in content.headers if n.lower() in _SHOWN] if content else [],
        left=mail.left,
        alone=item.holds == (LOCKED,),
        error=error,
    )


async def _content(visit: Visit, id: str) -> ReadableMail | None:
    """The mail as it came, as text; None when it is no longer kept."""
    found = await visit.service.read(id)
    return None if found is None else await asyncio.to_thread(read, found.raw)
