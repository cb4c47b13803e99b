"""Approvals: what waits for this person's word, the page on which they decide, and the word (OUT-APPROVE)."""

from starlette.responses import Response

from console.pages.on_hold import act, rows_of, show, voice_of
from console.paging import after, next_page
from console.visit import SIGNED_IN, May, Visit, page
from directory.account import name_in
from quarantine.item import Event, NotAllowed, together
from quarantine.rights import Verb
from quarantine.service.mails import Remaining
from quarantine.waits.attention import Unread

DAYS = 30
"""Of the figures about how people decide."""


@page("GET", "/approvals", SIGNED_IN)
async def list_approvals(visit: Visit) -> Response:
    found = await visit.service.approvals(after(visit))
    rows = await rows_of(visit, together(found.items))
    decides, sees_all = Verb.APPROVALS in visit.charge, Verb.TRACE in visit.charge
    decided = await visit.service.decisions(DAYS) if decides or sees_all else ()
    return visit.render(
        "approvals.html",
        waiting=rows,
        more=next_page(visit, found.after),
        decided=decided,
        days=DAYS,
        name_of=lambda names: name_in(names, visit.language),
        decides=decides or not decided,
        sees_all=sees_all,
    )


@page("POST", "/mail/{id}/reason", May(Verb.APPROVE))
async def open_reason(visit: Visit) -> Response:
    """Open one reason: noted here, whatever the browser shows."""
    await visit.service.open_reason(visit.item.id, visit.field("key", 64))
    number = visit.field("number", 3)
    return visit.to(f"/mail/{visit.item.id}#reason-{number if number.isdecimal() else 1}")


@page("POST", "/mail/{id}/file", May(Verb.OPEN))
async def read_file(visit: Visit) -> Response:
    """What a file says, as text; on record."""
    number = visit.field("number", 3)
    wanted = int(number) if number.isdecimal() else -1
    reason = visit.field("reason", 500).strip()
    if visit.mail.needs_reason and not reason:
        return await show(visit, error="reason_needed", status=400)
    file = await visit.service.file_text(visit.item.id, wanted, reason)
    return await show(visit, file=file, file_number=wanted)


@page("POST", "/mail/{id}/approve", May(Verb.APPROVE))
async def approve(visit: Visit) -> Response:
    """Agree to exactly what was shown: its digest comes back with the form."""
    voice = voice_of(visit)
    comment = visit.field("comment", 500).strip()
    if voice.reasoned and not comment:
        return await show(visit, error="reason_needed", status=400)
    try:
        left = await visit.service.change(
            visit.item.id, Event.APPROVE, voice=voice, comment=comment, bound=visit.field("bound", 64),
            alike=visit.field("alike") == "yes",
        )  # fmt: skip
    except Unread:
        return await show(visit, error="approve_unread", status=400)
    except NotAllowed:
        return visit.to(f"/mail/{visit.item.id}", "late")
    return visit.to("/approvals", _note(visit, left))


@page("POST", "/mail/{id}/exclude", May(Verb.EXCLUDE))
async def exclude(visit: Visit) -> Response:
    """The sender leaves somebody out of those who are asked, where the policy allows it."""
    reason = visit.field("reason", 500).strip()
    if not reason:
        return await show(visit, error="reason_needed", status=400)
    try:
        await visit.service.exclude(visit.item.id, visit.field("person", 320), reason)
    except NotAllowed:
        return visit.to(f"/mail/{visit.item.id}", "late")
    return visit.to(f"/mail/{visit.item.id}", "did_exclude")


@page("POST", "/mail/{id}/deny", May(Verb.DENY))
async def deny(visit: Visit) -> Response:
    comment = visit.field("comment", 500).strip()
    if not comment:
        return await show(visit, error="reason_needed", status=400)
    return await act(visit, Event.DENY, back="/approvals", voice=voice_of(visit), comment=comment)


def _note(visit: Visit, left: Remaining) -> str:
    """What happens next, said on the page that follows."""
    if left.approvals:
        return "did_approve_others"
    if left.review:
        return "did_approve_review"
    if left.due_at is None:
        return "did_approve_sender" if left.state.value == "held" else "did_approve"
    at = left.due_at - visit.context.margin
    return f"did_approve_at~{at:.0f}" if at > visit.now else "did_approve"
