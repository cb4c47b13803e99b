"""How each organisation of the house fares, in numbers, and suspending one (OPS-TENANT). No mail is shown."""

from collections.abc import Awaitable, Callable

from starlette.responses import Response

from config.tenant import DEFAULT
from console.visit import InCharge, Visit, page
from quarantine.rights import Verb


@page("GET", "/organisations", InCharge(Verb.ORGANISATIONS))
async def list_organisations(visit: Visit) -> Response:
    return await _show(visit)


@page("POST", "/organisations/{id}/suspend", InCharge(Verb.ORGANISATIONS))
async def suspend(visit: Visit) -> Response:
    return await _turn(visit, visit.service.suspend, "did_organisation_suspend")


@page("POST", "/organisations/{id}/resume", InCharge(Verb.ORGANISATIONS))
async def resume(visit: Visit) -> Response:
    return await _turn(visit, visit.service.resume, "did_organisation_resume")


async def _turn(visit: Visit, turned: Callable[[str, str], Awaitable[bool]], done: str) -> Response:
    try:
        await turned(visit.request.path_params["id"], visit.field("reason", 500))
    except ValueError:
        return await _show(visit, error="reason_needed", status=400)
    return visit.to("/organisations", done)


async def _show(visit: Visit, *, error: str = "", status: int = 200) -> Response:
    return visit.render(
        "organisations.html",
        status=status,
        error=error,
        found=await visit.service.organisations(),
        house=DEFAULT,
        passed=_passed,
        age=lambda since: _age(visit, since),
        limit=lambda key, none, number: visit.say(key, limit=f"{number:,}") if number else visit.say(none),
    )


def _passed(days: dict[str, dict[str, int]], direction: str, newest: int) -> int:
    """Mails of so many days."""
    return sum(day.get(direction, 0) for day in list(days.values())[:newest])


def _age(visit: Visit, since: float) -> str:
    """In whole minutes, hours or days."""
    minutes = max(0, int(visit.now - since) // 60)
    for key, size in (("organisations_age_days", 1440), ("organisations_age_hours", 60)):
        if minutes >= 2 * size:
            return visit.say(key, count=minutes // size)
    return visit.say("organisations_age_minutes", count=minutes)
