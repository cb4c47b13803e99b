"""IN-THEME: the mail is about one of the things that get people to open mails."""

from collections.abc import Iterator

import re2

from config.policy import Organisation
from filters.finding import Sight
from filters.lures import phrases
from filters.lures.belonging import cites_known, is_discussion, is_verified, leads_home
from filters.lures.concepts import complains
from filters.lures.hosts import is_freemail
from filters.lures.phrases import FAMILIES, Family
from filters.lures.strangers import is_calm
from filters.rule import rule
from filters.trigger import Theme
from filters.views import ByLinks, LinkView
from mail.returned import is_by_program

THEMES = tuple(name for name in phrases.THEMES if name != "urgency")
SEVERAL = 3
"""This many different hints count as one phrase, and this many phrases of business weigh more than one."""

CALM = 3
"""The most that a theme weighs where nothing else speaks against its author."""

_OF_THE_HOUSE = ("credentials", "personnel")
_CITED = ("inquiry", "authority", "notice", "credentials", "profit")
"""What people write about when they cite the page of an office, a shop or a service."""
_NOBODYS = ("coins", "legacy", "gambling", "dating")
"""What no stranger's house is an excuse for."""
_READERS_OWN = re2.compile(
    r"mailbox|webmail|e-?mail account|(?:mail|work|company) account|メールアカウント|社員番号|quota|storage limit|pending messages|password (?:has |will )?expir|current password|"
    r"salary|payroll|bonus (?:plan|payment)|handbook|performance review|メールボックス|受信メール|容量|"
    r"messagerie|boite (?:mail|aux lettres)|buzon|correo|caixa (?:de e-mail|postal)|casella|postfach|e-mail-konto|postvak|salaris|gehalt|fiche de paie|nomina|"
    r"邮箱|邮件系统|工资|补贴|메일|급여|社員アカウント|社内システム|"
    r"パスワードの(?:有効)?期限|給与|賞与|昇給|人事評価|人事考課|就業規則"
)
"""What only the reader's own house can write about: a stranger's link home is no excuse for it."""


_FOLLOWED = ("notice", "authority")
"""Themes that want something to be followed."""
_NUMBER = re2.compile(r"\d[\d ()./-]{6,}\d|@")
_ANSWERED = re2.compile(
    r"返信|返送|回答|添付|reply|respond|answer|attach|antwort|anhang|anlage|répond|repond|pièce|respond|respuesta|adjunt|respost|anexo|rispond|rispost|allegat|antwoord|bijlage|回复|回覆|附件|회신|답장|첨부"
)


@rule(control="IN-THEME", direction="inbound", wakes=(Theme(THEMES),))
def theme(mail: ByLinks, organisation: Organisation) -> Iterator[Sight]:
    """One of the families of themes, in Japanese or English (and some other languages), from an unknown sender.

    What ordinary mail also says weighs 1; a phrase of a family, what the family weighs (1 to 4), two phrases
    one more. SEVERAL of the former are as good as a phrase; not in business, of which every company writes,
    where only SEVERAL phrases weigh one more. When all links lead home to the author's organisation, 1 is the
    most, or 2 when nothing confirmed that the mail came from there, or it presses; what concerns the reader's own mailbox, password
    or salary is not trusted more for it, and weighs one more where the links lead elsewhere, unless the author is
    well known or familiar. Nor is a stranger's fortune, casino or date. Where all links
    lead to well-known sites, what others than their owners write about those weighs 1. In long reading matter and on mailing
    lists a single phrase does not count and several weigh less. CALM is the most where nothing speaks against the author, 2 where a notice offers
    nothing to follow, 1 where a customer complains of what they bought.
    """
    incoming = mail.incoming
    if incoming.known() or organisation.internal(incoming.author.address):
        return
    if not mail.facts.envelope.reverse_path and incoming.undelivered and is_by_program(incoming.author):
        return  # a full mailbox is what reports tell of
    home, modest = leads_home(mail), incoming.is_long or is_discussion(incoming)
    stranger = incoming.sender_brand is None and incoming.author.address not in mail.facts.familiar
    ours = False
    best: tuple[int, str, list[str]] | None = None
    for name in THEMES:
        family = FAMILIES[name]
        if not family.begins(incoming.lures):
            continue
        strong = family.strong_in(incoming.lures)
        words = strong or family.hints_in(incoming.lures)
        weight = _weight(family, len(strong), len(words))
        if not weight:
            continue
        if modest:
            weight = min(weight, 2 if len(strong) >= 5 else 1 if len(strong) >= 2 else 0)
        if (
            stranger
            and name in _OF_THE_HOUSE
            and _READERS_OWN.search(incoming.lures.encode("utf-8", "replace"))
        ):
            weight += bool(strong and incoming.hosts and not (home or modest))
            ours = True
        elif home and not (stranger and name in _NOBODYS and strong):
            weight = min(weight, 1 if is_verified(mail) and not _presses(mail, strong) else 2)
        if name in _CITED and incoming.sender_brand is None and cites_known(incoming):
            weight = min(weight, 1)
        if name == "callback" and _is_customers(incoming):
            weight = min(weight, 1)
        elif weight > 2 and name in _FOLLOWED and _is_idle(mail):
            weight = 2
        if weight and (best is None or (weight, len(words)) > (best[0], len(best[2]))):
            best = weight, name, words
    if best:
        weight, name, words = best
        if weight > CALM and not ours and name not in _NOBODYS and is_calm(incoming):
            weight = CALM
        evidence = tuple(incoming.quote(word) for word in words[:3])
        values = {"theme": name}
        yield Sight(evidence, weight=weight, values=values)


def _is_customers(incoming: LinkView) -> bool:
    """True for a private person's complaint about what they bought themselves."""
    return is_freemail(incoming.domain) and not incoming.hosts and complains(incoming.plain)


def _is_idle(mail: ByLinks) -> bool:
    """True where nothing can be followed: no link, no file, no number to call or to pay to, no answer asked for."""
    incoming = mail.incoming
    return not (
        incoming.hosts or incoming.attached or incoming.code_links or mail.message.first("reply-to")
    ) and not (_NUMBER.search(incoming.folded) or _ANSWERED.search(incoming.folded))


def _presses(mail: ByLinks, strong: list[str]) -> bool:
    """True for a stranger's phrase beside words that hurry or threaten."""
    incoming = mail.incoming
    return bool(
        strong
        and incoming.sender_brand is None
        and not incoming.is_bulk
        and incoming.author.address not in mail.facts.familiar
        and FAMILIES["urgency"].strong_in(incoming.lures)
    )


def _weight(family: Family, strong: int, words: int) -> int:
    if strong:
        return family.weight + (strong >= (SEVERAL if family.business else 2))
    return family.weight if words >= SEVERAL and not family.business else min(words, 1)
