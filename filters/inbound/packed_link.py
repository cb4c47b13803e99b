"""IN-LINK: a stranger's link to an archive, a disk image or a program, or to a file whose password stands beside it."""

import re
from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.links import Link
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByLinks

_PROGRAM = re.compile(
    r"(?i)\.(?:exe|msix?|msixbundle|appx|appinstaller|appimage|dmg|pkg|apk|js|jse|vbs|vbe|wsf|hta|lnk|scr|com|pif|bat|cmd|ps1|jar|cpl|reg|"
    r"iso|img|vhdx?|url|library-ms|search-ms|rdp|xll|cab|ace)(?:[?#]|$)"
)
_ARCHIVE = re.compile(r"(?i)\.(?:zip|7z|rar|lzh|arj|gz|bz2|xz|tar|tgz)(?:[?#]|$)")
_TOLD = re.compile(
    r"(?i)(?:解凍|zip|展開|ファイル|archive|the file|file|unzip)[^\n。]{0,16}(?:パスワード|password|passcode|passwort|pw|pass)|"
    r"(?:パスワード|password|passcode|passwort|mot de passe|contraseña|senha|wachtwoord|密码|비밀번호)\s?(?:is|は|:|：|=|ist|est|es|é)\s?[「\"']?[!-~]{3,24}"
)
_NEVER = re.compile(r"(?i)別途|後ほど|別メール|separately|reset|再設定|forgot|忘れ|変更")


@rule(control="IN-LINK", direction="inbound", wakes=(Given.LINK,))
def packed_link(mail: ByLinks, organisation: Organisation) -> Iterator[Sight]:
    """Weight 4 for a program or an image of a disk; 2 for an archive; two more with the password beside it, with which no
    gateway can look into it."""
    incoming = mail.incoming
    author = incoming.author.address
    if incoming.is_bulk or incoming.is_long or incoming.known() or author in mail.facts.familiar:
        return
    best: tuple[int, Link] | None = None
    for link in incoming.links[:60]:
        path = link.target.partition("://")[2].partition("/")[2][:600]
        weight = 4 if _PROGRAM.search(path) else 2 if _ARCHIVE.search(path) else 0
        if weight and (best is None or weight > best[0]):
            best = weight, link
    told = bool(incoming.links) and _tells(incoming.folded[:6_000])
    if best is None and told and incoming.links:
        best = 1, incoming.links[0]
    if best is not None:
        weight, link = best
        evidence = (Evidence(link.target[:120], link.part, link.offset),)
        values = {"host": link.host[:60]} | ({"more": "told"} if told else {})
        yield Sight(evidence, weight=weight + 2 * told, values=values)


def _tells(text: str) -> bool:
    """True where a password stands in the text that opens what the link leads to."""
    for found in _TOLD.finditer(text):
        line = text[text.rfind("\n", 0, found.start()) + 1 : found.end() + 20].partition("\n")[0]
        if (
            "zip" in line or "解凍" in line or "file" in line or "ファイル" in line or "archive" in line
        ) and not _NEVER.search(line):
            return True
    return False
