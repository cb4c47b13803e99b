"""Allow and block lists: every entry with its owner, its reason and its end (IN-REPORT, IN-WARN)."""

from starlette.exceptions import HTTPException
from starlette.responses import Response

from console.visit import InCharge, Visit, page
from filters.listing import BLOCK, KINDS, LISTS
from quarantine.rights import Verb

DAYS = (30, 90, 180, 365)
SOON = 14 * 86_400.0
SHOWN = 500


@page("GET", "/listings", InCharge(Verb.LISTS))
async def list_entries(visit: Visit) -> Response:
    return await _show(visit)


@page("POST", "/listings", InCharge(Verb.LISTS))
async def add(visit: Visit) -> Response:
    """An entry for everybody."""
    reason, days = visit.field("reason", 500).strip(), visit.field("days")
    if not reason:
        return await _show(visit, error="reason_needed", status=400)
    if days not in map(str, DAYS):
        return await _show(visit, error="listing_wrong", status=400)
    try:
        await visit.context.office.enlist(
            visit.actor, list=visit.field("list"), kind=visit.field("kind"), subject=visit.field("subject", 320),
            reason=reason, seconds=int(days) * 86_400.0,
        )  # fmt: skip
    except ValueError:
        return await _show(visit, error="listing_wrong", status=400)
    return visit.to("/listings", "did_listing_add")


@page("POST", "/listings/{id}/remove", InCharge(Verb.LISTS))
async def remove(visit: Visit) -> Response:
    if await visit.context.office.delist(visit.actor, visit.request.path_params["id"]) is None:
        raise HTTPException(404)
    return visit.to("/listings", "did_listing_remove")


async def _show(visit: Visit, *, error: str = "", status: int = 200) -> Response:
    chosen = visit.query("list") if visit.query("list") in LISTS else ""
    text = visit.query("text").strip().lower()
    found = [
        d for d in await visit.context.listings.all(visit.me.tenant)
        if (not chosen or d.list == chosen) and text in f"{d.subject} {d.owner} {d.person} {d.reason}".lower()
    ]  # fmt: skip
    return visit.render(
        "listings.html",
        status=status,
        error=error,
        entries=found[:SHOWN],
        full=len(found) > SHOWN,
        limit=SHOWN,
        chosen=chosen,
        text=text,
        lists=LISTS,
        kinds=KINDS,
        days=DAYS,
        soon=visit.now + SOON,
        filled={
            "list": visit.field("list") or BLOCK, "kind": visit.field("kind"), "subject": visit.field("subject", 320),
            "reason": visit.field("reason", 500), "days": visit.field("days") or "90",
        },
    )  # fmt: skip
