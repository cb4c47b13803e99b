"""The policy that is in force: how often its rules apply, and its versions (OPS-DUTY: it is seen here, never changed)."""

from datetime import datetime

from starlette.responses import Response

from config.cases import named
from config.words import when
from console.paging import following
from console.visit import InCharge, Visit, page
from quarantine.rights import Verb
from quarantine.service.policies import DAYS, Figures


@page("GET", "/policy", InCharge(Verb.POLICY))
async def show_figures(visit: Visit) -> Response:
    """What applied how often in the last days."""
    chosen = visit.query("days")
    days = int(chosen) if chosen in map(str, DAYS) else DAYS[1]
    found = await visit.service.policy_figures(days)
    return visit.render(
        "policy.html",
        found=found,
        days=days,
        choices=DAYS,
        named=lambda name: named(name, visit.language),
        share=lambda rule, mails: _share(found, rule, mails),
        day=lambda iso: when(visit.language, "day", datetime.fromisoformat(iso)),
    )


@page("GET", "/policy/versions", InCharge(Verb.POLICY))
async def list_versions(visit: Visit) -> Response:
    """The versions, the newest first."""
    found = await visit.service.policy_versions(_number(visit.query("before")))
    more = following(visit, before=str(found.more)) if found.more else ""
    return visit.render("policy_versions.html", versions=found.versions, more=more)


@page("GET", "/policy/versions/{number}", InCharge(Verb.POLICY))
async def show_version(visit: Visit) -> Response:
    """A version, and what it changed."""
    found = await visit.service.policy_version(_number(visit.request.path_params["number"]))
    return visit.render("policy_version.html", one=found.version, changed=found.changed)


def _number(text: str) -> int:
    """A version's number, 0 for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _share(found: Figures, rule: str, mails: int) -> float:
    """How many of a hundred mails it was, of those of the rule's direction."""
    direction = found.of.get(rule, "both")
    among = [number for way, number in found.examined.items() if direction in (way, "both")]
    return min(100.0, 100 * mails / sum(among)) if sum(among) else 0.0
