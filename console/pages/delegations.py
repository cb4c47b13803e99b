"""Who acts for whom: one's own absence, and for administrators everybody's and shared mailboxes (OUT-APPROVE, OUT-DELAY)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException
from starlette.responses import Response

from config.words import when
from console.visit import SIGNED_IN, Visit, page
from directory.account import name_in
from directory.delegations import Action, Delegation


@page("GET", "/delegations", SIGNED_IN)
async def list_delegations(visit: Visit) -> Response:
    return await _show(visit)


@page("POST", "/delegations", SIGNED_IN)
async def add(visit: Visit) -> Response:
    try:
        actions = [action for action in Action if action in visit.form.get("action", [])]
        starts, ends = (_day(visit.field(name, 10), visit.timezone) for name in ("since", "until"))
        await visit.service.delegate(
            visit.field("delegate", 320), actions, starts_at=starts.timestamp(),
            ends_at=(ends + timedelta(days=1)).timestamp(), reason=visit.field("reason", 500),
            place=visit.field("place", 320).strip(),
        )  # fmt: skip
    except (ValueError, OverflowError) as wrong:
        key = str(wrong) if str(wrong) in REFUSALS else "delegation_dates"
        return await _show(visit, error=key, status=400)
    return visit.to("/delegations", "did_delegation_add")


REFUSALS = (
    "delegation_actions", "delegation_dates", "delegation_delegate", "delegation_self", "delegation_mailbox",
    "delegation_own_hand", "delegation_place", "reason_needed",
)  # fmt: skip


@page("POST", "/delegations/{id}/end", SIGNED_IN)
async def end(visit: Visit) -> Response:
    if not await visit.service.undelegate(visit.request.path_params["id"]):
        raise HTTPException(404)
    return visit.to("/delegations", "did_delegation_end")


async def _show(visit: Visit, *, error: str = "", status: int = 200) -> Response:
    found = await visit.service.delegations()
    called = {login: name_in(names, visit.language) or login for login, names in found.names.items()}
    today = datetime.fromtimestamp(visit.now, ZoneInfo(visit.timezone)).date().isoformat()

    def last(row: Delegation) -> float:
        """The end as people say it: the last moment of a day, not the first of the next."""
        return row.ends_at - 60

    return visit.render(
        "delegations.html",
        status=status,
        error=error,
        rows=found.rows,
        everybody=found.all,
        called=called,
        last=last,
        day=lambda at: when(visit.language, "day", datetime.fromtimestamp(at, ZoneInfo(visit.timezone))),
        actions=tuple(Action),
        chosen=visit.form.get("action", ["approve", "send"]),
        filled={name: visit.field(name, 500) for name in ("place", "delegate", "reason", "until")}
        | {"since": visit.field("since", 10) or today},
    )


def _day(text: str, timezone: str) -> datetime:
    """The beginning of a day such as 2027-03-31. Raises ValueError. Not by strptime, which loads a module when it is first
    used: the console can open no file then."""
    return datetime.combine(date.fromisoformat(text.strip()), time(), ZoneInfo(timezone))
