"""Reported mail: the administrator's queue, one wave of mails with everybody who got it, and the decision (IN-REPORT)."""

import asyncio

from starlette.responses import Response

from console.content import ReadableMail, read, read_reported
from console.visit import InCharge, Visit, page
from directory.account import name_in
from mail.address import without_tag
from quarantine.item import NotAllowed
from quarantine.reported.reports import DANGEROUS, HARMLESS, VERDICTS
from quarantine.rights import Verb
from quarantine.service.waves import SHOWN, SPANS, USUAL
from quarantine.store import Missing

DAYS = (30, 90, 180, 365)


@page("GET", "/reports", InCharge(Verb.REPORTS))
async def queue(visit: Visit) -> Response:
    found = await visit.service.reports()
    return visit.render("reports.html", topics=found.topics, closed=found.closed, limit=SHOWN)


@page("GET", "/reports/{id}", InCharge(Verb.REPORTS))
async def one(visit: Visit) -> Response:
    return await _show(visit)


@page("POST", "/reports/{id}/open", InCharge(Verb.OPEN))
async def open_content(visit: Visit) -> Response:
    """Open the reported mail: on record, as every look is."""
    found = await visit.service.open_reported(_id(visit))
    content = None
    if found is not None:
        content = await asyncio.to_thread(read_reported if found.report else read, found.raw)
    return await _show(visit, content=content, opened=True)


@page("POST", "/reports/{id}/close", InCharge(Verb.REPORTS))
async def close(visit: Visit) -> Response:
    """Decide: verdict, alert, lists and word to the reporters in one step."""
    verdict, days = visit.field("verdict"), visit.field("days")
    if verdict not in VERDICTS or days not in map(str, DAYS):
        return await _show(visit, error="verdict_needed", status=400)
    try:
        await visit.service.close_reports(
            _id(visit),
            verdict,
            traits=tuple(visit.form.get("t", ())),
            span=_span(visit.field("span")),
            alert=bool(visit.field("alert")),
            line=visit.field("line", 500),
            listed=tuple(visit.form.get("allow" if verdict == HARMLESS else "block", ())),
            days=int(days),
            discard=bool(visit.field("discard")),
            note=visit.field("note", 500),
        )
    except Missing:
        raise
    except NotAllowed:
        return visit.to(f"/reports/{_id(visit)}", "late")
    except ValueError:
        return await _show(visit, error="listing_wrong", status=400)
    return visit.to(f"/reports/{_id(visit)}", "did_close")


def _id(visit: Visit) -> str:
    return str(visit.request.path_params["id"])[:64]


async def _show(
    visit: Visit,
    *,
    content: ReadableMail | None = None,
    opened: bool = False,
    error: str = "",
    status: int = 200,
) -> Response:
    """The page of a wave. Without a choice of the visitor's: what only this wave has in common."""
    span = _span(visit.field("span") or visit.query("span"))
    posted = visit.request.method == "POST"
    given = visit.form.get("t", []) if posted else visit.request.query_params.getlist("t")
    asked = bool(given) or bool(visit.query("search"))
    found = await visit.service.wave(_id(visit), span, tuple(given[:100]) if asked else None)
    return visit.render(
        "report.html",
        status=status,
        error=error,
        report=found.reports[0],
        wave=found.reports,
        names=found.names,
        name_in=name_in,
        own=found.own,
        choices=found.choices,
        span=span,
        spans=SPANS,
        mails=found.mails,
        total=found.number,
        limit=SHOWN,
        having=found.having,
        waiting=found.waiting,
        recipients=found.recipients,
        whole=without_tag,
        listable=found.listable,
        days=DAYS,
        usual=USUAL,
        verdicts=VERDICTS,
        content=content,
        opened=opened,
        entries=found.entries,
        chosen=visit.field("verdict") or DANGEROUS,
    )


def _span(text: str) -> int:
    return int(text) if text in map(str, SPANS) else USUAL
