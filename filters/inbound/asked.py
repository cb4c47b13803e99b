"""IN-THEME: what the mail wants its reader to do, whatever story it tells."""

from collections.abc import Iterator

import re2

from config.policy import Organisation
from filters.finding import Sight
from filters.lures.belonging import is_discussion, leads_home
from filters.lures.phrases import ASKS
from filters.lures.strangers import house, is_calm
from filters.rule import rule
from filters.trigger import Theme
from filters.views import ByLinks

_DENIED = re2.compile(
    r"\bnever\b|\bonly in\b|\bnobody will\b|\bnot need\b|必要はありません|\bdo not (?:share|give|send|install|run|paste)|\bdon't (?:share|give|send|install|run|paste)"
    r"|will not ask|won't ask|fraud|scam|phishing|beware|\bvictims?\b|\battackers?\b|\bcriminals?\b|\bresearchers?\b|\blures?\b|被害|攻撃者|犯人|手口|angreifer|kriminelle|attaquants?|victimes?|atacantes?|criminales|criminosos|aggressori|vittime|aanvallers?|slachtoffers?|攻击者|受害者|공격자|피해자|教えないで|伝えないで|入力しないで|実行しないで|お(?:尋|たず)ねすることは|求めることは|お願いすることは|ことはありません"
    r"|詐欺|フィッシング|ご注意ください|注意喚起|niemals|betrug|jamais|arnaque|nunca|fraude|nooit|oplichting|절대|사기|묻지 않|요구하지 않|요청하지 않|不会(?:要求|索要|询问)|fragen (?:sie )?nie|vragen nooit|ne (?:vous )?demand\w+ (?:jamais|pas)|no (?:le |te )?pedi|nao pedi|non chied|切勿|诈骗"
)
"""In one sentence with it: the reader is warned of such mail."""
_PAPERS = ("identity", "records")
"""What banks, telephone companies and accountants have to see: they take it at their own sites."""
CALM = 3
"""The most that a single ask weighs where nothing else speaks against its author."""
_ENDS = ("。", "\n", "! ", "? ", ". ", "！", "？")


@rule(control="IN-THEME", direction="inbound", wakes=(Theme(tuple(ASKS), strong=True),))
def asked(mail: ByLinks, organisation: Organisation) -> Iterator[Sight]:
    """Something that gives an attacker what he wants (config/lists/asks.toml): a command run, a code told, the screen
    shared, a program started, another channel, lists of people, a login, a fee in advance, silence.

    From authors we know only what is asked of nobody by mail. 1 more when two different things are asked; 2 at most from
    those who have written before, 1 from lists and in long reading matter; CALM where nothing speaks against the author. A login at
    the author's own site is a theme only, and so are papers at a house with a name of its own.
    """
    incoming = mail.incoming
    if is_discussion(incoming) or organisation.internal(incoming.author.address):
        return
    known, text = incoming.known(), incoming.lures
    found: list[tuple[int, str, str]] = []
    for name, family in ASKS.items():
        if (family.anybody or not known) and not _is_at_home(mail, name):
            words = next((w for w in family.strong_in(text) if not _is_denied(text, w)), "")
            if words:
                found.append((family.weight, name, words))
    if found:
        found.sort(key=lambda one: -one[0])
        weight, name, words = found[0]
        if len(found) > 1:
            weight += 1
        elif weight > CALM and not known and is_calm(incoming):
            weight = CALM
        familiar = incoming.author.address in mail.facts.familiar and not known
        if incoming.is_bulk or incoming.is_long or familiar:
            weight = min(weight, 2 if familiar and not incoming.is_long else 1)
        yield Sight(tuple(incoming.quote(w) for _, _, w in found[:3]), weight=weight, values={"what": name})


def _is_at_home(mail: ByLinks, ask: str) -> bool:
    own = ask == "login" or (ask in _PAPERS and house(mail.incoming.domain) == 0)
    return own and leads_home(mail)


def _is_denied(text: str, words: str) -> bool:
    at = text.find(words)
    start = max(text.rfind(end, 0, at) for end in _ENDS) + 1
    ends = [stop for end in _ENDS if (stop := text.find(end, at + len(words))) >= 0]
    return _DENIED.search(text[max(start, at - 200) : min([*ends, at + len(words) + 200])]) is not None
