"""OUT-MISSEND: a document that tells its reader more than its author sees: changes, comments, hidden sheets, notes."""

import re
from collections.abc import Iterator
from typing import Literal

import msgspec

from config.policy import Organisation
from filters.detect.partner_names import bared, partner_names
from filters.extract.hidden import CHANGE, COLUMNS, COMMENT, NOTES, PROPERTY, ROWS, SHEET, SLIDE, Hidden
from filters.finding import Evidence, Sight
from filters.reading.reading import Attachment
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByContent
from mail.address import domain_of

_COMMENTS = re.compile(
    r"コメント(?:付|入り|つき|も|と(?:変更|修正|いっしょ)|(?:を|は)?(?:残|付け|つけ|書き|入れ|記入|追記|加え)|(?:に|へ)の?(?:ご?回答|返答|お答え)"
    r"|(?:が|は)(?:入|残|付)|欄)|吹き出し|注釈|\b(?:my|our|with|the|some|a few|left|added) comments?\b|commented",
    re.IGNORECASE,
)
_CHANGES = re.compile(
    r"(?:変更|修正|編集|校正|改訂)(?:の)?履歴|履歴(?:付|を残|を有効|が残|あり|を反映)|校閲|赤字|赤入れ|朱書き|朱入れ|見え消し|加筆|修正入り"
    r"|track(?:ed|ing)? ?changes?|redline[ds]?|mark(?:ed)?-? ?up|revision marks",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"非表示|隠し(?:シート|行|列)|hidden (?:sheets?|rows?|columns?|slides?)", re.IGNORECASE)
_NOTES = re.compile(
    r"(?:発表者|スピーカー)?ノート(?:付|欄|に|も|を|は)|speaker notes?|presenter notes?", re.IGNORECASE
)
ANNOUNCED = (
    (_CHANGES, (CHANGE, COMMENT)), (_COMMENTS, (COMMENT,)), (_HIDDEN, (SHEET, ROWS, COLUMNS, SLIDE)), (_NOTES, (NOTES,)),
)  # fmt: skip
"""What an author who says so means to send."""
Kind = Literal["change", "comment", "sheet", "rows", "columns", "slide", "notes", "property", "author"]
AUTHOR = "author"
"""A kind of this rule's own: any property that names somebody."""
_ORIGIN = ("Company", "Template")
"""Properties that may name another organisation."""


@rule(control="OUT-MISSEND", direction="outbound", wakes=(Given.FILE,))
def hidden_content(
    mail: ByContent, organisation: Organisation, *, hidden: tuple[Kind, ...]
) -> Iterator[Sight]:
    """What an Office document holds and nobody sees who just opens it: how much, of what kind, and where the first is.

    `hidden`: change, comment, sheet, rows, columns, slide, notes, property (the company or the template in its properties
    is another one's), author (any property that names somebody). What the mail or the file's name announces is meant, and
    not told.
    """
    if all(organisation.group(address) for address in mail.facts.envelope.recipients):
        return
    reading = mail.reading
    said = "\n".join([reading.subject.raw, *(text.raw for text in reading.own_words)])
    for attachment in reading.attachments:
        if not attachment.extracted.hidden:
            continue
        meant = {kind for words, of in ANNOUNCED if words.search(f"{said}\n{attachment.name}") for kind in of}
        found = [
            each
            for each in attachment.extracted.hidden
            if each.what in hidden and each.what not in meant
            and (each.what != PROPERTY or _is_foreign(each, mail, organisation))
        ]  # fmt: skip
        if AUTHOR in hidden:
            found += [_of_author(each) for each in attachment.extracted.hidden if each.what == PROPERTY]
        if found:
            yield _sight(attachment, found)


def _sight(attachment: Attachment, found: list[Hidden]) -> Sight:
    base = f"{attachment.path}/{attachment.name}"
    first = found[0]
    evidence = tuple(
        Evidence(_masked(each.quote or each.first), f"{base}/{each.place}" if each.place else base)
        for each in found[:3]
    )
    values = {
        "name": attachment.name[:80],
        "what": "\n".join(dict.fromkeys(each.what for each in found)),
        "count": str(sum(each.count for each in found)),
        "first": first.first[:80],
    }
    return Sight(evidence, values=values, about=(attachment.name,))


def _of_author(each: Hidden) -> Hidden:
    return msgspec.structs.replace(each, what=AUTHOR)


def _masked(quote: str) -> str:
    return "".join("*" if c.isdigit() else c for c in quote)


def _is_foreign(each: Hidden, mail: ByContent, organisation: Organisation) -> bool:
    """True for a property that names an organisation which is neither ours nor one of the recipients'."""
    if each.first not in _ORIGIN:
        return False
    theirs = {domain_of(address) for address in mail.facts.envelope.recipients}
    others = [
        named for named in partner_names(organisation).found(each.quote.lower()) if not named.domains & theirs
    ]
    if each.first == "Template" or others:
        return bool(others)
    ours = (
        organisation.name,
        *(organisation.partners.get(d, "") for d in (*organisation.group_domains, *theirs)),
    )
    return not any(
        known and (known in bared(each.quote) or bared(each.quote) in known) for known in map(bared, ours)
    )
