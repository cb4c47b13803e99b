"""One's own second factor: set up with a picture or by typing, recovery codes, and the end of it (OPS-MFA).

The picture of the secret is drawn here and stands in the page itself: no address shows it.
"""

import re

import zxingcpp
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.responses import Response

from console.visit import SIGNED_IN, Visit, page
from directory.passphrases import groups
from quarantine.item import NotAllowed

_DRAWN = re.compile(r'<svg width="(\d+)" height="\1".*?<path d="([0-9a-zA-Z .-]+)"', re.DOTALL)


def qr(text: str) -> Markup:
    """The QR code of a text as SVG, with its quiet zone; black on white by day and by night."""
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_svg()
    found = _DRAWN.search(made)
    if found is None:
        raise ValueError("no QR code was drawn")
    side, path = found.groups()
    return Markup(
        '<svg class="qr" viewBox="0 0 {0} {0}" role="img" aria-hidden="true"><path fill="#fff" d="M0 0h{0}v{0}H0z"/>'
        '<path fill="#000" d="{1}"/></svg>'
    ).format(side, path)  # fmt: skip


def warm() -> None:
    """Load whatever drawing loads at its first use."""
    qr("otpauth://totp/x")


@page("GET", "/second-factor", SIGNED_IN)
async def shown(visit: Visit) -> Response:
    return visit.render("second_factor.html", factor=await visit.service.second_factor(), codes=())


@page("POST", "/second-factor/begin", SIGNED_IN)
async def begin(visit: Visit) -> Response:
    await visit.service.begin_factor()
    return visit.to("/second-factor/new")


@page("GET", "/second-factor/new", SIGNED_IN)
async def new(visit: Visit) -> Response:
    return await _setup(visit)


@page("POST", "/second-factor/enrol", SIGNED_IN)
async def enrol(visit: Visit) -> Response:
    """A code of the new secret: from now on it counts. The recovery codes stand in this answer only."""
    enrolled = await visit.service.enrol_factor(
        visit.field("code", 100), peer=visit.peer, language=visit.language
    )
    if enrolled is None:
        return await _setup(visit, "factor_wrong", 400)
    visit.open(enrolled.entered)
    return visit.render("recovery_codes.html", codes=enrolled.codes, new=True)


@page("POST", "/second-factor/codes", SIGNED_IN)
async def codes(visit: Visit) -> Response:
    """New recovery codes, in this answer only."""
    try:
        made = await visit.service.recovery_codes()
    except NotAllowed:  # there is no second factor
        raise HTTPException(404) from None
    return visit.render("recovery_codes.html", codes=made, new=False)


@page("POST", "/second-factor/remove", SIGNED_IN)
async def remove(visit: Visit) -> Response:
    try:
        await visit.service.remove_factor()
    except NotAllowed:  # their role needs it
        raise HTTPException(404) from None
    return visit.to("/second-factor", "did_factor_remove")


async def _setup(visit: Visit, error: str = "", status: int = 200) -> Response:
    made = await visit.service.pending_factor()
    if made is None:
        return visit.to("/second-factor")
    return visit.render(
        "second_factor_new.html", status=status, error=error, picture=qr(made.uri), key=groups(made.key)
    )
