"""Who signs a letter: the organisation that a signature names, where the author's domain is another one's (IN-SIGNATURE).

last_lines(text)                 the lines in which a signature stands
signer(text, block, ...)         whose name or site it is, as ("organisation" or "site", what was read)
"""

import re
import unicodedata

from config.policy import Organisation
from filters.lures import telephones
from filters.lures.hosts import brand_called, different, is_freemail, is_hosting, label, organisational, owner
from mail.charset import fold

LINES = 14
"""Lines at the end of a text in which a signature is looked for."""
ADDRESS = re.compile(r"[a-z0-9._%+-]{1,64}@((?:[a-z0-9-]+\.)+[a-z]{2,24})")
_LEGAL = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|\(株\)|\(有\)|㈱|㈲|\b(?:inc|ltd|llc|corp|corporation|limited|gmbh|co\.,? ?ltd|k\.k|plc|s\.a|b\.v)\b\.?"
)
"""Legal forms, by which the name of an organisation in a signature is told from a word."""
_WEB = re.compile(r"(?:https?://|\bwww\.)([a-z0-9.-]{4,253})")
_TO_US = re.compile(r"[様殿宛]|御中|[先名](?:[ :]|$)|お?客|dear|attn|bill|ship|customer", re.MULTILINE)
"""Whoever is named there is written to, or about: a greeting, an address on a bill."""
_NEAR = 4
"""Lines between an organisation's name and what shows that it signs."""
_QUOTED = re.compile(r"(?m)^[^\S\n]*(?:[>|]|-{2,}\s*(?:original|forwarded)|from:|差出人:|on .{5,80} wrote:)")


def last_lines(text: str) -> list[str]:
    """The last lines of what the author himself wrote."""
    text = text[:100_000]
    if quoted := _QUOTED.search(text):
        text = text[: quoted.start()]
    last = text.rstrip().rsplit("\n", 4 * LINES)[-4 * LINES :]
    return [stripped for line in last if (stripped := line.strip())][-LINES:]


def signer(
    text: str, block: str, domain: str, organisation: Organisation, *, is_known: bool
) -> tuple[str, str, dict[str, str]] | None:
    """The organisation that signs although the author's `domain` is another: the word for it, what was read, values of the
    word. `block` are the last lines of `text`, folded; a name is read before folding takes the blanks away."""
    if not _LEGAL.search(block) or organisation.group(f"x@{domain}"):
        return None
    lines = last_lines(unicodedata.normalize("NFKC", text).lower())
    name = _organisation(lines, domain, organisation) or _ourselves(lines, organisation)
    if name:
        return "organisation", name, {"name": name}
    host = "" if is_known else _site(block, domain, organisation)
    return ("site", host, {"host": host}) if host else None


def _ourselves(lines: list[str], organisation: Organisation) -> str:
    """Our own name, where somebody else signs with it: not in a greeting, nor where mail or goods go to."""
    own = _bare(fold(organisation.name).lower())
    for at, line in enumerate(lines):
        if not own or not _LEGAL.search(line) or _bare(fold(line.split()[0])) != own:
            continue
        around = "\n".join(lines[max(0, at - 2) : at + 3])
        below = "\n".join(lines[at : at + 1 + _NEAR])
        if not _TO_US.search(around) and (
            telephones.TEL.search(below) or ADDRESS.search(below) or "〒" in below
        ):
            return organisation.name
    return ""


def _site(block: str, own: str, organisation: Organisation) -> str:
    """The only site of a company's signature, when the author writes from elsewhere and bears no part of its name. Many
    companies have one domain for mail and one for the web, so it weighs little."""
    if is_freemail(own):
        return ""
    hosts = {host.strip(".-") for host in _WEB.findall(block)}
    sites = {organisational(host) for host in hosts if owner(host) is None and not is_hosting(host)}
    if len(sites) != 1:
        return ""
    (site,) = sites
    one, other = (re.sub(r"[^a-z0-9]", "", label(domain)) for domain in (site, own))
    alike = one[:4] == other[:4] or one in other or other in one
    return site if different(site, own) and not organisation.group(f"x@{site}") and not alike else ""


def _organisation(lines: list[str], domain: str, organisation: Organisation) -> str:
    """A partner's or a well-known organisation's full name, with its legal form, under a domain that is not its own."""
    for line in lines:
        if (form := _LEGAL.search(line)) is None:
            continue
        names = {_bare(piece) for piece in (line[: form.end()], line[form.start() :].split()[0], line)} - {""}
        for partner, title in organisation.partners.items():
            if _bare(fold(title).lower()) in names and different(partner, domain):
                return title
        for name in sorted(names):
            if (brand := brand_called(name)) and not brand.owns(domain):
                return brand.name
    return ""


def _bare(text: str) -> str:
    """An organisation's name without its legal form."""
    return _LEGAL.sub("", text[:80]).strip(" ,.、。・-–|/()")
