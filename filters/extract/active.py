"""What a web page or SVG does besides being read: scripts, forms, redirects, and files that it builds itself.

Found in the source by patterns, in linear time: a page that hides all of it in a packed string still has a
script.
"""

import re

MOST = 1_000_000
"""Characters examined at a page's beginning and at its end: a long string of data may be in between."""
TAIL = 200_000

_SCRIPT = re.compile(
    r"<(?:[\w-]{1,20}:)?script\b|\bon(?:load|error|click|mouseover|focus|begin|toggle|submit|pageshow|animationstart)\s*=|"
    r"(?:href|src|action|data|xlink:href)\s*=\s*+(?:[\"']\s*+)?(?:javascript|vbscript|data:text/html)\s*[:,;]",
    re.IGNORECASE,
)
_FORM = re.compile(r"<form\b|<input\b[^>]{0,300}\btype\s*=\s*[\"']?password", re.IGNORECASE)
_REDIRECT = re.compile(
    r"<meta\b[^>]{0,300}http-equiv\s*=\s*[\"']?refresh|(?:window|document|top|self|parent)\s*\.\s*location\b|"
    r"\blocation\s*\.\s*(?:href|replace|assign)\b|<(?:iframe|embed|object|foreignObject)\b|<base\b[^>]{0,300}href",
    re.IGNORECASE,
)
_BUILDS = (
    re.compile(r"\bnew\s+(?:Blob|File)\s*\(|\bcreateObjectURL\b", re.IGNORECASE),
    re.compile(r"\bmsSave(?:OrOpen)?Blob\b", re.IGNORECASE),
    re.compile(r"\batob\s*\(|\bUint8Array\b|\bcharCodeAt\b|\bfromCharCode\b", re.IGNORECASE),
    re.compile(r"\bdownload\s*=|\.\s*download\b|setAttribute\s*\(\s*[\"']download", re.IGNORECASE),
    re.compile(
        r"data:application/(?:octet-stream|zip|x-[\w-]{2,30}|vnd[\w.-]{2,60}|java-archive|hta|pdf);base64",
        re.IGNORECASE,
    ),
    re.compile(r"[\"'`][A-Za-z0-9+/]{4000}"),
)
"""The steps of building a file in the browser and handing it over."""
_HIDES = re.compile(
    r"\beval\s*\(|\bunescape\s*\(|\bFunction\s*\(|document\s*\.\s*write(?:ln)?\s*\(\s*(?:unescape|atob|decodeURIComponent)|"
    r"(?:\\x[0-9a-f]{2}){20}|(?:%[0-9a-f]{2}){40}|(?:\\u00[0-9a-f]{2}){20}",
    re.IGNORECASE,
)


def acts(page: str) -> list[tuple[str, str]]:
    """(sign, quotation) of what a page does: "page_builds", "page_hides", "page_script", "page_form",
    "page_redirect"."""
    if len(page) > MOST:
        page = page[: MOST - TAIL] + page[-TAIL:]
    found: list[tuple[str, str]] = []
    script = _SCRIPT.search(page)
    steps = [match for pattern in _BUILDS if (match := pattern.search(page))]
    if len(steps) >= 3 and (script or len(steps) >= 4):
        found.append(("page_builds", " … ".join(match[0][:30] for match in steps)))
    if script and (hides := _HIDES.search(page)):
        found.append(("page_hides", hides[0][:60]))
    for name, match in (
        ("page_script", script),
        ("page_form", _FORM.search(page)),
        ("page_redirect", _REDIRECT.search(page)),
    ):
        if match:
            found.append((name, match[0][:60]))
    return found
