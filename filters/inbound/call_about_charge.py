"""IN-THEME: a charge, an alarm or a case, and a telephone number at which the reader shall talk about it."""

from collections.abc import Iterator

import re2

from config.policy import Organisation
from filters.finding import Sight
from filters.lures.belonging import is_discussion
from filters.lures.hosts import below, is_registered
from filters.rule import rule
from filters.trigger import Says
from filters.views import ByLinks

LONGEST = 12_000
"""Characters of a mail that are searched."""
CARRIERS = frozenset(
    ["paypal.com", "intuit.com", "quickbooks.com", "stripe.com", "squareup.com", "square.com", "xero.com", "freshbooks.com", "waveapps.com", "wise.com",
     "venmo.com", "cash.app", "payoneer.com", "zoho.com", "zohoinvoice.com", "bill.com", "honeybook.com", "shopify.com", "klarna.com", "revolut.com",
     "docusign.net", "docusign.com", "adobesign.com", "echosign.com", "hellosign.com", "pandadoc.com", "dropbox.com", "dropboxmail.com", "box.com",
     "sharepointonline.com", "google.com", "wetransfer.com", "canva.com", "figma.com", "notion.so", "trello.com", "atlassian.net", "monday.com",
     "asana.com", "slack.com", "zoom.us", "calendly.com", "eventbrite.com", "surveymonkey.com", "typeform.com", "jotform.com", "github.com",
     "microsoft.com", "microsoftonline.com", "apple.com", "icloud.com", "samsung.com", "linkedin.com", "salesforce.com", "hubspot.com", "zendesk.com"]
)  # fmt: skip
"""Whose genuine mail carries what anybody writes into a request, an invoice, a share, an invitation or a name. Source: the
services' own help pages on requests, invoices, shares and invitations."""
_NUMBER = r"\+?\(?\d[\d().\s-]{7,18}\d"
_CALL = (
    r"(?:\bcall\b|\bcalling\b|\bphone\b|\btelephone\b|\bdial\b|\bring\b|\bcontact\b|\breach\b|\bspeak\b|\btalk\b|\bhotline|\bhelpline|\bhelp ?desk|\bfraud (?:line|team|department|desk)|\bsupport (?:line|team|desk)|"
    r"\bbilling (?:line|team|desk|department)|\bcustomer (?:care|support|service)|\btoll[- ]free|"
    r"電話|お電話|窓口|連絡|問い?合わせ|フリーダイヤル|カスタマー|\banruf|\brufen\b|\btelefon|\bhotline|\bappele|\btéléphon|\bcontacte|\bllam|\bteléfono|\bcontacte|\bligue\b|\bligar\b|\btelefone|"
    r"\bchiam|\btelefon|\bcontatt|\bbel(?:len)?\b|\bbelt\b|\btelefoon|致电|电话|拨打|联系|전화|연락|문의)"
)
_DISPUTE = (
    r"(?:\bcancel|\bdispute|\brefund|\bunauthori[sz]|\bnot (?:authori[sz]|make|place|order|request|recogni[sz]|you\b)|\bdidn't\b|\bdid not\b|\bfraud|\bstop (?:the|this)|\breverse\b|\bsuspicious|\bblock(?:ed)?\b|"
    r"\bunsubscribe from the plan|\bdecline|心当たり|身に覚え|覚えのない|キャンセル|取り?消|解約|返金|異議|不正|停止|\bstorn|\bkündig|\bwiderruf|\bwiderspr|\bnicht autoris|\berstatt|\bannul|\brésili|\brembours|\bcontest|"
    r"\bpas (?:autoris|effectu|à l'origine)|\bcancel|\breembols|\bno (?:autoriz|realiz|reconoc|ha (?:sido|realizado))|\bnão (?:autoriz|reconhec|realiz|fez)|\bestorn|\bannull|\brimbors|\bnon (?:autorizz|ha effettu|riconosc)|"
    r"\bopzeg|\bannuler|\bterugbet|\bniet (?:geautori|door u)|取消|退款|未授权|不是您|异议|취소|환불|승인하지|본인이 아)"
)
_CHARGE = (
    r"(?:\bcharge|\bdebit|\bbilled\b|\bbilling\b|\brenew|\bsubscription|\bmembership|\bpurchase|\border\b|\bpayment|\binvoice|\btransaction|\bamount|\bwithdraw|\bmoney request|\btransfer|\baccount was used|\bplan\b|"
    r"課金|請求|引き?落|決済|更新|購入|注文|お支払|料金|会費|ご利用|自動継続|\babbuch|\babgebucht|\brechnung|\bbestellung|\bzahlung|\bverlänger|\bprél[eè]v|\bprelev|\bfacture|\bcommande|\babonnement|\bpaiement|\bachat|\bcargo\b|\bfactura|\bpedido|\bcompra\b|"
    r"\bpago|\bsuscripci|\bcobran|\bfatura|\bassinatura|\bpagamento|\baddebit|\bordine|\bacquisto|\brinnov|\bafgeschreven|\bbestelling|\bbetaling|\bfactuur|扣款|扣费|订单|续费|付款|账单|결제|청구|주문|자동 갱신)"
)
_SUM = r"(?:[$€£¥￥₩]\s?\d|\b(?:usd|eur|gbp|jpy|aud|cad|chf|inr|brl)\b|\d\s?(?:円|ドル|元|원|euro|eur|usd|dollars?|€|£))"
_CALLED = re2.compile(rf"{_CALL}[^\n。]{{0,70}}?[^\d\n]({_NUMBER})|({_NUMBER})[^\n。]{{0,30}}?{_CALL}")
_DISPUTED, _CHARGED, _SUMMED = re2.compile(_DISPUTE), re2.compile(_CHARGE), re2.compile(_SUM)
AROUND = 160
"""Characters before and after the number within which the reader is told why to call."""
_USUAL = re2.compile(
    r"営業時間|受付時間|平日|opening hours|office hours|business hours|mon(?:day)?\s?[-–to]{1,3}\s?fri|öffnungszeiten|erreichbar von|horaires"
)
"""A telephone with its hours is a real one's."""


@rule(control="IN-THEME", direction="inbound", wakes=(Says((_SUM,)),))
def call_about_charge(mail: ByLinks, organisation: Organisation) -> Iterator[Sight]:
    """A sum that was or will be charged, a telephone number, and beside it why to call there: to dispute, cancel, have money
    back. From a service that carries what anybody writes (CARRIERS) 5: its own mail names no number for that; from strangers
    4; 2 where opening hours stand beside it, or the domain is a registered company's. Not from authors we know or well-known
    organisations."""
    incoming = mail.incoming
    author = incoming.author.address
    if incoming.known() or organisation.internal(author) or is_discussion(incoming) or incoming.is_long:
        return
    carrier = below(incoming.domain, CARRIERS)
    if incoming.sender_brand is not None and not carrier:
        return
    text = incoming.folded[:LONGEST]
    if not (_CHARGED.search(text) and _SUMMED.search(text)):
        return
    for found in _CALLED.finditer(text):
        number = found[1] or found[2]
        around = text[max(0, found.start() - AROUND) : found.end() + AROUND]
        if not 9 <= sum(c.isdigit() for c in number) <= 15 or not _DISPUTED.search(around):
            continue
        usual = is_registered(incoming.domain) or _USUAL.search(around)
        weight = 5 if carrier else 1 if incoming.is_bulk else 2 if usual else 4
        yield Sight((incoming.quote(number.strip()),), weight=weight, values={"number": number.strip()[:40]})
        return
