"""Legal holds: whose mail, or which, is not erased; add, list, end (OPS-ERASE). No mail is shown."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException
from starlette.responses import Response

from config.words import when
from console.visit import InCharge, Visit, page
from quarantine.rights import Verb

_BETWEEN = re.compile(r"[\s,、，;]+")
REFUSALS = ("legal_hold_names", "legal_hold_until", "reason_needed")


@page("GET", "/legal-holds", InCharge(Verb.LEGAL_HOLDS))
async def list_legal_holds(visit: Visit) -> Response:
    return await _show(visit)


@page("POST", "/legal-holds", InCharge(Verb.LEGAL_HOLDS))
async def add(visit: Visit) -> Response:
    try:
        until = _end_of(visit.field("until", 10), visit.timezone)
        names = [name for name in _BETWEEN.split(visit.field("names", 10_000)) if name]
        await visit.service.add_legal_hold(names, reason=visit.field("reason", 500), until=until)
    except (ValueError, OverflowError) as wrong:
        key = str(wrong) if str(wrong) in REFUSALS else "legal_hold_until"
        return await _show(visit, error=key, status=400)
    return visit.to("/legal-holds", "did_legal_hold_add")


@page("POST", "/legal-holds/{id}/end", InCharge(Verb.LEGAL_HOLDS))
async def end(visit: Visit) -> Response:
    if not await visit.service.end_legal_hold(visit.request.path_params["id"]):
        raise HTTPException(404)
    return visit.to("/legal-holds", "did_legal_hold_end")


async def _show(visit: Visit, *, error: str = "", status: int = 200) -> Response:
    zone = ZoneInfo(visit.timezone)
    return visit.render(
        "legal_holds.html",
        status=status,
        error=error,
        holds=await visit.service.legal_holds(),
        last=lambda at: when(visit.language, "day", datetime.fromtimestamp(at - 60, zone)),
        filled={"names": visit.field("names", 10_000)}
        | {name: visit.field(name, 500) for name in ("reason", "until")},
    )


def _end_of(day: str, timezone: str) -> float | None:
    """The end of a day such as 2027-03-31, None for no day. Raises ValueError."""
    if not day.strip():
        return None
    start = datetime.combine(date.fromisoformat(day.strip()), time(), ZoneInfo(timezone))
    return (start + timedelta(days=1)).timestamp()
