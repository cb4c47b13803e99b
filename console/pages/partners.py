"""Passphrases agreed with partners: add, list, remove; never shown again (OUT-PASSWORD)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException
from starlette.responses import Response

from console.visit import InCharge, Visit, page
from directory.vault import PassphraseRefused
from quarantine.rights import Verb


@page("GET", "/partners", InCharge(Verb.PARTNERS))
async def list_partners(visit: Visit) -> Response:
    return await _show(visit)


@page("POST", "/partners", InCharge(Verb.PARTNERS))
async def add(visit: Visit) -> Response:
    try:
        until = _end_of(visit.field("until", 10), visit.timezone)
        await visit.service.agree(
            visit.field("subject", 320),
            visit.field("passphrase", 200),
            note=visit.field("note", 500),
            valid_until=until,
        )
    except PassphraseRefused as refused:
        return await _show(visit, errors=refused.reasons, status=400)
    return visit.to("/partners", "did_partner_add")


@page("POST", "/partners/{id}/remove", InCharge(Verb.PARTNERS))
async def remove(visit: Visit) -> Response:
    if not await visit.service.disagree(visit.request.path_params["id"]):
        raise HTTPException(404)
    return visit.to("/partners", "did_partner_remove")


async def _show(visit: Visit, *, errors: list[str] | None = None, status: int = 200) -> Response:
    return visit.render(
        "partners.html",
        status=status,
        agreements=await visit.service.agreements(),
        errors=errors or [],
        filled={name: visit.field(name, 500) for name in ("subject", "note", "until")},
    )


def _end_of(day: str, timezone: str) -> float | None:
    """The end of a day such as 2027-03-31, None for no day."""
    if not day.strip():
        return None
    try:
        start = datetime.strptime(day.strip(), "%Y-%m-%d").replace(tzinfo=ZoneInfo(timezone))
        return (start + timedelta(days=1)).timestamp()
    except (ValueError, OverflowError):
        raise PassphraseRefused(["passphrase_dates"]) from None
