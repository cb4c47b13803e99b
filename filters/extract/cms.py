"""CMS and PKCS #7 as files (.p7m, .p7s, PEM): what is only signed is read, what is enveloped is encrypted."""

from filters.extract.found import Found, tidy
from filters.extract.reason import Reason, Stop
from mail import cms
from mail.ber import NotBer

KINDS = frozenset({"p7m", "p7m-pem"})
"""A message in BER, and in PEM armor."""
_ENDINGS = ("p7m", "p7s", "p7b", "p7c", "pem", "cms", "sig", "der")


def read(content: bytes, found: Found, name: str) -> None:
    """Read the content of a CMS message as the mail or file it is. Raises Stop."""
    armor = cms.armored(content) if content.startswith(b"-----") else content
    found.budget.take_bytes(len(armor))
    try:
        enclosed = cms.opened(armor)
    except NotBer as error:
        raise Stop(Reason.MALFORMED, f"cms: {error}") from None
    if enclosed.kind == cms.ENCRYPTED:
        found.locked = True
        found.failed(Reason.PASSWORD)
    elif enclosed.kind == cms.DETACHED or not enclosed.content:
        found.verdicts.append("ok")
    else:
        found.budget.take_member()
        found.budget.take_bytes(len(enclosed.content))
        inside = _inside(name)
        if cms.is_entity(enclosed.content) and b"mime-version:" not in enclosed.content[:4_096].lower():
            found.inside(f"{inside}.eml", b"MIME-Version: 1.0\r\n" + enclosed.content)
        else:
            found.inside(inside, enclosed.content)
    if rest := armor[enclosed.end :].strip(b"\0\r\n \t"):
        found.budget.take_member()
        found.inside("behind", rest)


def _inside(name: str) -> str:
    """The name of what is signed: "report.docx" of "report.docx.p7m"."""
    stem, _, last = tidy(name).rpartition(".")
    return stem if stem and last.lower() in _ENDINGS else f"{tidy(name)} content" if name else "content"
