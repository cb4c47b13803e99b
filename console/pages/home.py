"""The first page: what waits for this person, and for those in charge a queue that is stuck."""

from datetime import datetime

from starlette.responses import Response

from config.words import when
from console.visit import SIGNED_IN, InCharge, Visit, page
from quarantine.rights import Verb


@page("GET", "/", SIGNED_IN)
async def home(visit: Visit) -> Response:
    return visit.render(
        "home.html",
        home=await visit.service.home(),
        short=_short,
        day_of=lambda iso: when(visit.language, "date", datetime.fromisoformat(iso)),
    )


def _short(many: int) -> str:
    """A number where there is little room."""
    return f"{many:,}" if many < 10_000 else f"{many / 1000:,.0f}k"


@page("POST", "/retry", InCharge(Verb.RETRY))
async def retry(visit: Visit) -> Response:
    """Try what a next hop keeps waiting now."""
    rest = await visit.service.retry(visit.field("hop", 300))
    return visit.to("/", "did_retry" if rest is None else "did_retry_part")
