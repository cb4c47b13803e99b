"""IN-LINK: a report on delivery that asks for something: mail systems tell what happened, and offer nothing."""

import re
from collections.abc import Iterator

import re2

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.belonging import is_disposable, is_service, related
from filters.lures.concepts import read
from filters.lures.hosts import SHORTENERS, below, is_hosting, owner
from filters.lures.phrases import ASKS, FAMILIES
from filters.lures.strangers import ODD, house
from filters.rule import rule
from filters.trigger import Given, Says, Theme
from filters.views import ByLinks, LinkView
from mail.address import domain_of
from mail.returned import is_by_program

_ASKING = ("credentials", "personnel", "authority")
_PAYING = ("callback", "coins", "demand", "errand", *ASKS)
_OFFERS = re2.compile(
    r"\b(?:release|retrieve|recover|restore|review|allow|unblock|view|read|fix|renew|upgrade|increase|add|sync|deliver|keep|claim|receive)\b[^.\n]{0,40}"
    r"\b(?:messages?|mails|e-?mails|emails|inbox|now|here|them|it|storage|quota|settings|certificate|invoice|documents?)\b"
    r"|\b(?:verify|confirm|validate|re-?activate|update|authenticate)\b[^.\n]{0,30}\b(?:now|here|account|mailbox|password|identity|ownership|you still|settings|login)\b"
    r"|\b(?:sign|log) ?in\b|\b(?:renew|upgrade|release|fix|allow|review|verify)\s?(?:now)?\s?:"
    r"|(?:保留|未配信|未受信|隔離)[^。\n]{0,30}(?:受信|解除|配信|表示|確認|受け取)|(?:下記|以下|こちら|リンク|ボタン)[^。\n]{0,20}(?:受信|解除|認証|再送|ログイン|確認してくだ|更新|承認|設定)"
    r"|(?:パスワード|認証|ログイン|アカウント|容量|証明書)[^。\n]{0,24}(?:確認してくだ|更新|期限|再設定|切れ|有効化|増や|拡張)"
    r"|(?:nachrichten|e-mails?)[^.\n]{0,30}(?:freigeben|abrufen|zustellen)|(?:libérer|récupérer|débloquer|confirmer|valider)[^.\n]{0,30}(?:messages|courriels|compte|messagerie)"
    r"|(?:liberar|recuperar|validar|verificar|confirmar)[^.\n]{0,30}(?:mensajes|correos|cuenta|mensagens|conta|buzón)|(?:vrijgeven|ophalen|bevestig)[^.\n]{0,30}(?:berichten|account|mailbox)"
    r"|(?:点击|點擊|查看|释放|验证)[^。\n]{0,16}(?:邮件|郵件|邮箱|账户)|(?:메일|메시지|계정)[^.\n]{0,16}(?:확인하|복구|해제|인증)"
)
"""What a report offers that no mail system writes."""
_RETURNED = re.compile(
    r"(?im)^[ >]*(?:-{2,}+[^\n]{0,60}(?:copy|original|header|returned|below|forwarded)|message headers? follow|return-path:|received: |"
    r"the following is a copy|begin(?:s|ning) of)"
)
"""Where the returned mail begins."""
_REPLY = re.compile(
    r"(?i)(?:^|[\s:(])[45]\d\d[ -]|\bsaid:|\bsmtp\b|\bdiagnostic|\bremote (?:server|host)|\bresponse\b|\breason:|理由"
)
"""A line with what another server said: its link is that server's."""

_DEMANDS = re2.compile(
    r"\b(?:click|prove|resend|re-send|retry|approve|unlock|view (?:the )?message|verify|confirm|release|retrieve|deliver it|can be (?:read|seen|viewed|fetched|collected|retrieved)|continue|proceed|reconnect)\b"
    r"|クリック|再送(?:する|はこちら|手続)|表示する|解除|承認|認証|ログイン|受信する|bestatig|freigeb|erneut senden|confirm|valid|renvoy|liber|reenv|verific|sblocc|bevestig|vrijgev|确认|重新|释放|확인|해제|재전송"
)
"""What is asked beside a link to the author's own house."""
_EXPLAINS = re2.compile(
    r"\b(?:help|more info|information|learn|details|support|faq|polic(?:y|ies)|postmaster|lookup|troubleshoot|error|reason|contact|questions?|guidelines|listed|block ?list|removal|hilfe|informationen|aide|ayuda|ajuda|aiuto)\b|詳細|詳しく|ヘルプ|お問い合わせ|理由|帮助|详情|도움말"
)
"""Why genuine reports link to their house."""
_CHARGED = ("notice", "credentials")
_NEVER = frozenset(["work_login", "secret", "card_data", "pay", "install", "data", "claim"])
"""What no mail system asks for, wherever its link leads."""
_BY_ANSWER = ("tell", "identify", "hand", "coins", "cards")
"""What is sent in an answer, without a link."""
_EVERY_REPORT = frozenset({"delivery failed", "unable to deliver", "could not be delivered"})
_CALLED = r"\bcall\b|\bphone\b|\bdial\b|電話|\banruf|\bappele[rz]|\bllam|\bligue\b|\bligar\b|\bbel\b"
_CALL = re.compile(rf"(?i)(?:{_CALLED})[^\n]{{0,60}}?(\+?[\d(][\d ()./-]{{7,16}}\d)")
WORDS = 160
"""A page with less text and a picture is a picture."""


@rule(
    control="IN-LINK",
    direction="inbound",
    wakes=(Given.LINK, Theme(_PAYING, strong=True), Says((_CALLED,))),
)
def report_lure(mail: ByLinks, organisation: Organisation) -> Iterator[Sight]:
    """A null reverse-path and a mail system as its author, and it offers something, speaks of accounts or wants money; with
    a link (that leads neither to us nor to a well-known organisation, nor, unless it presses, to the author's) unless it is
    about money. A link to a place made for a few days, or where anybody shares, is enough, and any strange link where a mailbox of ours is said to have
    failed (that would be told to whoever wrote to it), whatever is asked for at a house called after a deed, or a picture stands instead of words. What other servers said and what the returned mail says do not count. No mail system writes QR codes."""
    incoming = mail.incoming
    if mail.facts.envelope.reverse_path or not is_by_program(incoming.author):
        return
    if incoming.code_links:
        code = incoming.code_links[0]
        yield Sight((Evidence(code.target[:120], code.part, -1),), values={"host": code.host[:60]})
        return
    text = incoming.plain
    if cut := _RETURNED.search(text):
        text = text[: cut.start()]
    if number := _to_call(text):
        yield Sight((incoming.quote(number),), values={"host": number})
        return
    text = "\n".join(line for line in text.split("\n") if not _REPLY.search(line))
    for name in _PAYING:
        if words := FAMILIES[name].strong_in(text):
            yield Sight((incoming.quote(words[0]),), values={"host": incoming.domain[:60]})
            return
    asking = any(FAMILIES[name].strong_in(text) for name in _ASKING)
    offers = asking or _OFFERS.search(text) is not None
    asks = read("", text).asks
    if answered := next((asks[name] for name in _BY_ANSWER if name in asks), ""):
        yield Sight((incoming.quote(answered),), values={"host": incoming.domain[:60]})
        return
    pressing = (asking and bool(FAMILIES["urgency"].strong_in(text))) or not _NEVER.isdisjoint(asks)
    sole = _is_about_us(incoming, organisation) or _is_picture(incoming)
    for link in incoming.links:
        if not _is_strange(link.host, organisation):
            continue
        shown = link.kind != "text" or link.host in text
        home = related(incoming.domain, link.host) and not organisation.ours(incoming.domain)
        wants = (
            bool(asks)
            if house(link.host) >= ODD
            else (pressing or _is_demanded(text, link.host))
            if home
            else offers
        )
        if sole or is_disposable(link.host) or (shown and (wants or _is_anybodys(link.host))):
            yield Sight(
                (Evidence(link.target[:120], link.part, link.offset),), values={"host": link.host[:60]}
            )
            return


def _is_strange(host: str, organisation: Organisation) -> bool:
    return bool(host) and not organisation.ours(host) and (owner(host) is None or _is_anybodys(host))


def _is_anybodys(host: str) -> bool:
    """True where anybody puts pages, shares files or hides where a link leads: no mail system does."""
    return is_hosting(host) or is_service(host) or below(host, SHORTENERS)


def _is_demanded(text: str, host: str) -> bool:
    """True when something is asked in the line of a link to `host`, or the one before it."""
    lines = [line for line in text.split("\n") if line.strip()]
    at = next((n for n, line in enumerate(lines) if host in line), 0)
    beside = " ".join(lines[max(0, at - 1) : at + 1]).replace(host, "")
    return _DEMANDS.search(beside) is not None and _EXPLAINS.search(beside) is None


def _to_call(text: str) -> str:
    """The telephone number to call about a charge or an account, "" where there is none."""
    if not (call := _CALL.search(text)):
        return ""
    said = {words for name in _CHARGED for words in FAMILIES[name].strong_in(text)}
    return call[1][:40] if said - _EVERY_REPORT or "call" in read("", text).asks else ""


def _is_about_us(incoming: LinkView, organisation: Organisation) -> bool:
    return any(organisation.ours(domain_of(address)) for address in incoming.undelivered)


def _is_picture(incoming: LinkView) -> bool:
    shown = sum(len("".join(page.text.split())) for page in incoming.pages)
    return any(page.images for page in incoming.pages) and shown < WORDS
