"""What stands in front of a number says which it is one of: a card, a My Number, or another (OUT-PII).

カード番号：4111 …        個人番号（又は法人番号）        伝票番号 4111 …
"""

import re

import re2

MINE = (
    r"マイナ番号|まいなんばー|マイ\s*ナ\s*ン\s*[バパハ]|マイナカード|個[\s|]*人[\s|]*番[\s|]*号|個人(?:№|ナンバー|識別番号)|(?:^|[^一-龥])個番(?:$|[^一-龥])|特定個人情報"
    r"|番号法(?:上|に)|(?:通知|番号)カード(?:の|に?記載の?|裏面?の?)(?:番号|1?2?桁)|社会保障[・･と]?税の?番号|my[\s_\-]?num(?:ber|\b)|individual[\s_\-]?(?:number|no\b|num\b)"
    r"|kojin[\s_\-]?(?:bang?o|no\b|num)|social security and tax num|japan(?:ese)? (?:tin|tax (?:id|num))|(?:\btin|tax id)[ (]{1,2}japan|個人編號|[个個]人番[号號]|마이 ?넘버"
)
KEYWORDS = re2.compile(MINE)
_SHORT_NAMES = (
    r"マイナ(?=[ :は=→\t,]|\Z)|個人no\b|(?<![a-z])(?<!, )mn(?:番号|no\b)?(?=[ \"']{0,2}[:=#\t,|\n]|[ \"']{0,2}\Z)|(?<![a-z])my[ _\-]?no\b|(?<![a-z])personal[ _\-]?num(?:ber)?|(?<![一-龥])税番号"
    r"|[个個]人(?:编号|号码|號碼)|개인 ?번호|mã số cá nhân|n[úu]mero (?:individual|pessoal)|numero individuale|nomor individu"
)
"""Names that say so only right in front of a number, or above its column; elsewhere they may mean anything."""
CARD = (
    r"(?:クレジット|クレカ|デビット)[^\n\t,0-9]{0,6}(?:カード|番号|no)|カード(?:会員)?の?(?:番号|ナンバー|no\b|№|#)|会員番号 ?\((?:クレジット)?カード|(?:アメックス|アメリカン・?エキスプレス|ビザ|マスター|ダイナース(?:クラブ)?|銀聯|visa|jcb|amex|master|diners)(?:カード|card)?の?[ _\-]?(?:番号|ナンバー|no\b|num|№|#)|(?:信用|銀聯|银联|借记|银行)卡|卡号"
    r"|(?:credit|debit|payment|bank)[\s_\-]?card(?!holder)(?:[\s_\-]account[\s_\-]num(?:ber)?)?|card[\s_\-]?(?:account[\s_\-]?)?(?:no\b|num|nr|#|pan)|\bccn?(?:[\s_]?num\w*)?\b|\bpan\b|primary[\s_]?account[\s_]?num|kreditkarte|karten?nummer|carte (?:bancaire|bleue|de cr[ée]dit)|tarjeta|carta di credito|cart[ãa]o de cr|k(?:ort|aart)nummer|номер карты|numer karty|카드 ?번호"
)
_OTHER = (
    r"[一-龥々ぁ-んァ-ヶー]{1,6}(?<![こそあど次記下上右左載桁]の)(?<!ちらの)(?<![、。,:\s][新旧])(?:番号|ナンバー|コード|no\b\.?|№|id\b)"
    r"|ロット|トランザクション|伝票|ライセンスキー|シリアル|プロダクトキー|機番|型番|品番|車番|(?<![a-z])(?:doi|isbn|jan|ean|upc|gtin|sscc|imei|imsi|iccid|meid|asin|sku|awb|uuid|guid|arn|aws|iban|vin|s/n|timestamp|epoch"
    r"|unix[\s_]?time)(?![a-z])"
    r"|(?<![a-z])(?:kunden|bestell|auftrags|rechnungs|sendungs|vorgangs|vertrags|mitglieds|artikel|serien|referenz|paket|liefer|klant|order|factuur|track)nummer"
    r"|(?:num[ée]ro|n°|n[úu]mero|numero) (?:de |di |d'|do )?(?:commande|client|suivi|facture|contrat|dossier|colis|s[ée]ri|pedido|seguimiento|factura|contrato|ordine|fattura|spedizione)"
    r"|(?:快递|订|运|货|发票|合同|客户|会员|流水|交易|产品|序列|物流)单?(?:编号|号码|号)|(?:주문|송장|운송장|고객|계약|회원|접수|예약|일련|제품) ?번호"
    r"|(?<![a-z])(?:edy|nanaco|waon|suica|pasmo|icoca|ponta)番号"
    r"|(?<![a-z])(?:serial|reference|ref|order|invoice|tracking|ticket|case|contract|booking|lot|batch|transaction|trace|account|customer|member|user|session"
    r"|device|product|part|item|waybill|shipment|parcel|consignment|request|document|message|event|record|job|build|licen[cs]e|po|purchase|quote|receipt|process"
    r"|confirmation|meter|barcode|loyalty|gift|policy|claim|phone|tel|object|row|tx|txn|payment|employee|student|patient|model|article|asset|container)"
    r"s?[\s_\-]?(?:no\b|num|number|id|code|key|#)s?|\bids?\b"
    r"|(?<![a-z])(?:serial|tracking|order|invoice|reference|ref|ticket|booking|lot)s?(?![a-z])"
)
_ASIDE = r"内線|電話|携帯|手数料|料金|金額|費用|(?<![a-z])(?:tel|fax|phone)(?![a-z])"
"""Groups of digits behind these are no My Number; cards are told by telephone, and paid."""
_MEMBER = (
    r"(?<!ポイント)(?<!ギフト)(?<!プリペイド)(?<!会員)(?<!診察)(?<!社員)(?<!入館)(?<!番号)(?<!バー)"
    r"(?:カード|アメックス|ダイナース|jcb|visa|amex|mastercard|diners)の?ご?(?:会員|契約|口座|券面|表面)[様者]?の?番号"
)
_NAMES = re.compile(
    rf"(?P<mine>(?:{MINE}|{_SHORT_NAMES})ー?(?:カード|卡|制度|法)?(?:裏面?|券面)?(?:の裏?|上の|に(?:基づく|よる|ある)|に?記載の)?(?:番号|号码|號碼)?(?:(?:又は|または|若しくは|及び|[・/])法人番号)?)|(?P<other>(?:ポイント|ギフト|プリペイド)カード(?:番号)?|ギフト券|(?:会員|診察|社員|入館)カード番号)|(?P<card2>{_MEMBER})|(?P<card>{CARD})|(?P<other2>{_OTHER})|(?P<aside>{_ASIDE})"
)
"""Names of numbers; in text before one, the last counts."""
_PAID_WITH = re.compile(
    r"[ 、,;:。\t\n|&–—−\-/][^0-9a-z一-龥]{0,2}(?:クレジットカード|カード|クレカ|(?:credit |debit )?card|visa|jcb|amex|mastercard)[\s:#は→=|,、/\"']{0,4}\Z"
    r"|\bcharged?\b[^0-9\n]{0,30}(?:to|on)[\s:]{0,2}\Z|\bpaid(?: with| by)?[\s:]{0,2}\Z"
)
"""What is paid with, right in front of a number and a clause behind another name: booking ref ABC – card 4111…"""
_OR = re.compile(r" ?[(\[〔【]|[\s(]{0,3}(?:又は|または|若しくは|もしくは|及び|および|か|or|and|/)[\s]?")
_SHORT = re.compile(r"[\s:#.=は]{0,3}[a-z0-9\-]{0,8}[0-9][ ]?[/,、;|&\t\n]")
"""What another name stands for, where it is too short for a card; a clause behind it begins something else."""
_TAKEN = re.compile("[0-9]{4}")
_REFERS = re.compile(r"(?:[るくたい]|ための)(?:番号|ナンバー|no\b\.?|№)\Z")
"""A verb in front of "number" says of what stood before what it is for; it is no name of another kind."""


def last_name(text: str) -> str:
    """Which kind of number the last name in a text is one of, unless another number stands behind it."""
    last = _last(text)
    if last is None or _TAKEN.search(text, last.end()):
        return ""
    kind = (last.lastgroup or "").rstrip("2")
    if kind == "aside":
        return "other"
    if kind == "other" and (_PAID_WITH.search(text, last.start()) or _SHORT.match(text, last.end())):
        return ""
    if kind == "other" and (wanted := _alternative(text, last)):
        return wanted
    if kind == "other" and _REFERS.search(last[0]):
        return "mine" if KEYWORDS.search(text[: last.start()]) else kind
    if kind == "other" and last.lastgroup == "other2":
        return "mine" if KEYWORDS.search(last[0]) else "card" if re.search(CARD, last[0]) else kind
    return kind


def _last(text: str) -> re.Match[str] | None:
    """The last name in a text. What is said aside (電話, 料金) counts only behind a My Number's."""
    last: re.Match[str] | None = None
    for match in _NAMES.finditer(text):
        if match.lastgroup != "aside" or (last is not None and last.lastgroup == "mine"):
            last = match
    return last


def what(text: str) -> str:
    """Which kind of number a text is the name of, "" where it says more than that."""
    named = _NAMES.fullmatch(text)
    return (named.lastgroup or "").rstrip("2") if named else ""


def refers(text: str) -> bool:
    """True when the last name in a text is a verb's (…に基づく番号): what stands farther in front of it says which number."""
    last = _last(text)
    return last is not None and last.lastgroup == "other2" and _REFERS.search(last[0]) is not None


def _alternative(text: str, last: re.Match[str]) -> str:
    """ "mine" or "card" where the last name only says what else may stand there: 個人番号（または基礎年金番号）."""
    for match in _NAMES.finditer(text, 0, last.start()):
        if (
            match.lastgroup in ("mine", "card")
            and _OR.match(text, match.end())
            and last.start() - match.end() < 12
        ):
            return match.lastgroup
    return ""
