"""IN-SPOOF: a sender's address made by a program, or a From field that no mail program writes."""

import re
from collections.abc import Iterator

import re2

from config.policy import Organisation
from filters.finding import Sight
from filters.lures.belonging import LURE_WORDS, is_discussion
from filters.lures.hosts import is_customers, is_random
from filters.rule import rule
from filters.trigger import Always
from filters.views import ByLinks, LinkView

_NUMBERED = re.compile(r"[a-z]{2,}[._-][a-z_.-]*\d{4,}$|[a-z]{2,}\d{6,}$", re.IGNORECASE)
_NAMED = re.compile(r"([a-z]{2,20}(?:[._-][a-z]{1,20}){1,2})[._-]?(?:\d{1,4})", re.IGNORECASE)
_OFFICES = frozenset(
    [
        "ceo",
        "cfo",
        "president",
        "director",
        "manager",
        "office",
        "team",
        "dept",
        "department",
        "hr",
        "accounting",
        "pdg",
    ]
)
_CASES = re.compile(r"(?=[^a-z]*[a-z][^A-Z]*[A-Z])(?=[^A-Z]*[A-Z][^a-z]*[a-z])[A-Za-z0-9]{6,}$")
_LEAVES = re2.compile(
    r"\bunsubscrib|\bopt(ing)?[ -]?out|\bno longer (wish|want|interested|like)|\bstop (receiving|these|getting)|\bfrom future mailings"
    r"|\babmeld|\babbestell|\bkeine weiteren (e-?mails|angebote|werbung)|\bdesabonn|\bdesinscri|\bne plus recevoir|\bdarse de baja"
    r"|\bdejar de recibir|\bcancelar (a |la |tu |su |sua )?(inscri|suscri|subscri)|\bdisiscri|\bannulla.{0,12}iscrizione|\bnon ricevere pi"
    r"|\bafmelden|\buitschrijv|\bwypis|\bodhlas|\bотписа|配信(の)?(停止|解除)|配信を(停止|希望)|購読(の|を)?(停止|解除|中止)|退订|取消订阅|수신 ?거부"
)
"""How a mail to many offers to be the last one. Who sends lists says that in List-Unsubscribe as well (RFC 2369, 8058)."""
_WORDS = re.compile(r"[A-Z][a-z]+(?:[A-Z][a-z]+)+\d{0,2}$|[a-z]+(?:[A-Z][a-z]+)+\d{0,2}$")


@rule(control="IN-SPOOF", direction="inbound", wakes=(Always("the author's address is judged by its form"),))
def odd_sender(mail: ByLinks, organisation: Organisation) -> Iterator[Sight]:
    """Random letters or a running number before the @, or a From with several senders, without one, or broken.

    Random letters also in the reverse-path. It weighs 4 where the mail says how one gets no more of it, and its fields
    do not: advertising from addresses that are made for a day.
    """
    incoming = mail.incoming
    if is_discussion(incoming):
        return
    broken = _is_broken(incoming)
    if (
        broken
        or _is_made_up(incoming.author.address.rpartition("@")[0], is_customers(incoming.domain))
        or _is_typed(mail.facts.envelope.reverse_path)
    ):
        address = incoming.author.address or incoming.name or "?"
        weight = 4 if _is_for_a_day(mail) else 3 if broken else 2
        yield Sight((incoming.from_field(),), weight=weight, values={"address": address[:80]})


def _is_for_a_day(mail: ByLinks) -> bool:
    """Letters and digits alone: mailing programs that write their reader's number into From put signs between."""
    incoming = mail.incoming
    local = incoming.author.address.rpartition("@")[0]
    if (
        not local.isalnum()
        or incoming.is_bulk
        or incoming.known()
        or mail.message.first("list-unsubscribe")
        or not incoming.links
    ):
        return False
    return _LEAVES.search(incoming.plain) is not None


def _is_broken(incoming: LinkView) -> bool:
    addresses = [b for b in incoming.authors if "@" in b.address]
    if len(addresses) != 1 or len(incoming.authors) != 1:
        return True
    return not re.fullmatch(r"[^\s@<>,;\"]+@[^\s@<>,;\"'_]+\.[^\s@<>,;\"'_.]{2,}", incoming.author.address)


def _is_typed(reverse_path: str) -> bool:
    """True for random letters and nothing else: bounce addresses of mailing programs have digits and signs."""
    local = reverse_path.rpartition("@")[0]
    return len(local) >= 6 and local.isalpha() and local.islower() and is_random(local)


def _is_made_up(local: str, is_mailbox: bool) -> bool:
    if len(local) < 5 or len(re.findall(r"[.#=]", local)) >= 3:
        return False  # too short to tell, or a mailing program that puts the subscriber into From
    if is_mailbox and (named := _NAMED.fullmatch(local)):
        # Where millions have mailboxes, people add a year or a birthday to their names; offices do not.
        return any(
            part.lower() in LURE_WORDS or part.lower() in _OFFICES for part in re.split("[._-]", named[1])
        )
    if _NUMBERED.match(local):
        return True
    mixed = bool(_CASES.match(local)) and not _WORDS.match(local)
    return mixed or any(is_random(piece) for piece in re.split(r"[._+=-]", local) if len(piece) >= 6)
