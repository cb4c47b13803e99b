"""A form: how it is read, within bounds, and whether it is our own (ASVS 3.5)."""

import hmac
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request

FORM_LIMIT = 256 * 1024
FORM_FIELDS = 2_500
"""A form may name each of the 1,000 recipients that a mail may have."""


async def read_form(request: Request) -> dict[str, list[str]]:
    """The fields of a form. Raises HTTPException for what is too long, or none."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > FORM_LIMIT:
            raise HTTPException(413)
    if request.headers.get("content-type", "").partition(";")[0] != "application/x-www-form-urlencoded":
        raise HTTPException(403)
    try:
        return parse_qs(body.decode(), keep_blank_values=True, max_num_fields=FORM_FIELDS)
    except ValueError:
        raise HTTPException(413) from None


def same_site(request: Request, form: Mapping[str, Sequence[str]], token: str) -> None:
    """Raises HTTPException for a form of another site, and for one without this token."""
    headers = request.headers
    if headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise HTTPException(403)
    origin = headers.get("origin", "null")
    if origin != "null" and urlsplit(origin).netloc != headers.get("host"):
        raise HTTPException(403)
    if not hmac.compare_digest(form.get("token", [""])[0][:2000].encode(), token.encode()):
        raise HTTPException(403)
