"""Texts of attachments: one entry, one file per document family, one budget per mail.

`extract` never raises: what could not be read has a verdict, and policy decides what that means. A family is
a function `read(content, found)` that adds to `found` and raises Stop; it is named in FAMILIES.
"""

from collections.abc import Callable

from filters.extract import archive, eml, html, ooxml, pdf, text
from filters.extract.budget import Budget, Stop
from filters.extract.found import Extracted, Found, Member, tidy, worst
from filters.extract.kinds import OPAQUE, TYPES, detect
from filters.extract.sample import samples

__all__ = ["Budget", "Extracted", "Member", "Stop", "extract", "tidy", "warm"]

FAMILIES: dict[str, Callable[[bytes, Found], None]] = {
    "zip": archive.read,
    "jar": archive.read,
    "apk": archive.read,
    **dict.fromkeys(("docx", "docm", "xlsx", "xlsm", "pptx", "pptm", "ooxml"), ooxml.read),
    "pdf": pdf.read,
    "eml": eml.read,
}
"""Kind -> reader. Plain texts and HTML need their charset and are read here directly."""

TEXTS = frozenset({"text", "script", "xml"})
ENCRYPTED = frozenset({"encrypted-ooxml", "pgp", "age", "p7m"})


def extract(name: str, declared_type: str, content: bytes, budget: Budget, *, charset: str = "") -> Extracted:
    """What can be read of a file. `charset` is the label of a text part; the declared type counts for mails only.

    Never raises: a failure is the verdict, and texts read before it are kept.
    """
    kind = "unknown"
    found = Found(budget, _read)
    try:
        kind = detect(name, content)
        if kind in TEXTS and declared_type.startswith("message/"):
            kind = "eml"
        _family(kind, content, found, charset)
    except Stop as reason:
        found.failed(reason.verdict, str(reason))
    except Exception as error:
        found.failed("corrupt", type(error).__name__)
    verdict = worst(found.verdicts)
    true_type = TYPES.get(kind, f"application/x-{kind}")
    return Extracted(kind, tuple(found.texts), tuple(found.members), verdict, true_type, found.why)


def _read(name: str, content: bytes, found: Found) -> str:
    kind = detect(name, content)
    try:
        _family(kind, content, found, "")
    except Stop:
        raise
    except Exception as error:
        found.failed("corrupt", type(error).__name__)
    return kind


def _family(kind: str, content: bytes, found: Found, charset: str) -> None:
    if kind in FAMILIES:
        FAMILIES[kind](content, found)
    elif kind == "html":
        found.text("", html.read(content, charset))
        found.verdicts.append("ok")
    elif kind in TEXTS:
        found.text("", text.read(content, charset, found.budget))
        found.verdicts.append("ok")
    elif kind in ENCRYPTED:
        found.failed("encrypted")
    elif kind in OPAQUE or kind in ("exe", "elf", "macho", "class", "dex", "lnk", "msi"):
        found.verdicts.append("ok")
    else:
        found.failed("unsupported", kind)


def warm() -> None:
    """Read one tiny file of each family, so that nothing is loaded later when no file can be opened."""
    for name, content in samples().items():
        extract(name, "", content, Budget())
