"""Allow and block lists: every entry with its owner, its reason and its end (IN-REPORT, IN-WARN)."""

from starlette.exceptions import HTTPException
from starlette.responses import Response

from console.visit import InCharge, Visit, page
from filters.listing import BLOCK, KINDS, LISTS
from quarantine.rights import Verb
from quarantine.service.lists import SHOWN

DAYS = (30, 90, 180, 365)
SOON = 14 * 86_400.0


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
        await visit.service.enlist(
            visit.field("list"),
            visit.field("kind"),
            visit.field("subject", 320),
            reason=reason,
            days=int(days),
            alert=bool(visit.field("alert")),
        )
    except ValueError:
        return await _show(visit, error="listing_wrong", status=400)
    return visit.to("/listings", "did_listing_add")


@page("POST", "/listings/{id}/remove", InCharge(Verb.LISTS))
async def remove(visit: Visit) -> Response:
    if not await visit.service.delist(visit.request.path_params["id"]):
        raise HTTPException(404)
    return visit.to("/listings", "did_listing_remove")


async def _show(visit: Visit, *, error: str = "", status: int = 200) -> Response:
    chosen = visit.query("list") if visit.query("list") in LISTS else ""
    text = visit.query("text").strip().lower()
    found = await visit.service.listings(chosen, text)
    return visit.render(
        "listings.html",
        status=status,
        error=error,
        entries=found.entries,
        full=found.full,
        limit=SHOWN,
        chosen=chosen,
        text=text,
        lists=LISTS,
        kinds=KINDS,
        days=DAYS,
        soon=visit.now + SOON,
        alert_days=found.days,
        filled={
            "list": visit.field("list") or BLOCK, "kind": visit.field("kind"), "subject": visit.field("subject", 320),
            "reason": visit.field("reason", 500), "days": visit.field("days") or "90",
            "alert": bool(visit.field("alert")) or not error,
        },
    )  # fmt: skip
