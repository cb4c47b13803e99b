"""IN-THEME: a bank account or a way to pay that has changed: whoever writes, people call before they pay."""

from collections.abc import Iterator

import re2

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.inbound.hasty_account import HASTE, SEARCHED
from filters.rule import rule
from filters.trigger import Given, Says
from filters.views import ByFiles

LONGEST = 20_000
"""Characters read of each text."""
_PAID = (
    r"(?:(?:お?振り?込み?|ご?入金|ご?送金|お?支払い?)先|お?振り?込み?(?:先の?)?口座|入金口座|送金口座|受取口座|"
    r"(?:弊社|当社|私ども|取引|指定|給与|報酬)(?:の|指定の?|名義の?)?(?:銀行)?口座|取引銀行|給与の振込)"
)
_CHANGED = r"(?:変更|訂正|修正|誤りが(?:あ|ござ)|誤っており|間違っており|変わ[りっる]|切り?替(?:え|わ)|切替|移行|新し[くい]|新たな|差し替え|(?:使用|利用)(?:でき|不可)|凍結|ご利用にならない)"
_BANK = r"(?:bank(?:ing)?|account|remittance|wire|wiring|ach|payment|beneficiary|iban|swift)"
_DETAILS = r"(?:details?|information|info|instructions?|account|coordinates|data|numbers?)"
_JAPANESE = (
    rf"{_PAID}[^。\n]{{0,30}}{_CHANGED}"
    r"|(?:新しい|新たな|新|別の|変更後の)(?:銀行)?(?:口座|振込先|送金先|入金先)[^。\n]{0,20}(?:振り?込|送金|入金|支払|お願い)"
    r"|(?:従来|これまで|現在|今まで|既存|以前|旧)の?[^。\n]{0,16}口座[^。\n]{0,30}(?:使用でき|利用でき|使え(?:な|ま)|停止|凍結|監査|解約|閉鎖|着金し|届かな|受け付け)"
    r"|(?:子会社|関連会社|関係会社|グループ会社|別会社|親会社|代理店|個人(?:名義)?)の?(?:口座)?(?:に|へ|宛てに)[^。\n]{0,20}(?:振り?込|送金|入金|支払)|口座は?[^。\n]{0,6}個人名義"
    r"|(?:別の|他の|別)(?:銀行)?口座[^。\n]{0,8}(?:を|の)?ご?(?:案内|連絡|指定|用意)|口座が[^。\n]{0,12}(?:監査|凍結|差し?押さえ)"
    r"|(?:今後|今回|次回|今月|来月|本日)[^。\n]{0,20}(?:別|次|下記|以下)の?(?:銀行)?口座[^。\n]{0,15}(?:振り?込|送金|入金|支払)"
)
_ENGLISH = (
    rf"\b(your )?(?:new|updated|revised|amended|changed|different|alternative) (?:[a-z]{{1,15}} )?{_BANK} {_DETAILS}"
    rf"|\b(your )?(?:{_BANK} {_DETAILS}|bank|beneficiary|iban) (?:ha(?:s|ve|d)|is|are|was|were|will) (?:[a-z]{{1,15}} ){{0,2}}"
    r"(?:chang|updated|moved|replaced|switched|revised|amended)"
    rf"|\bchang(?:e[sd]?|ing) (?:of|in|to|our|my|the|their) (?:(?:our|my|the|their) )?(?:bank|banking|{_BANK} {_DETAILS}|direct deposit|"
    r"payment route)"
    r"|\b(?:chang|switch|mov)ed (?:our |my )?banks?\b"
    r"|\b(?:from (?:today|now on|this (?:week|month)|next (?:week|month))|with immediate effect|effective)\b[^.\n]{0,60}\b(?:paid|pay|payments?|transfers?|remit)[^.\n]{0,20} to (?:our|this|the following|my) account"
    r"|\b(?:pay|remit|transfer|wire|send|deposit)[^.\n]{0,60}(?:new|different|another|alternative|other) (?:bank )?account"
    r"|\b(?:update|change|switch)[^.\n]{0,20} (?:my|the) direct deposit"
    r"|\b(?:do not|don't|no longer|not)[^.\n]{0,30}(?:previous|old|former|existing|usual) (?:bank )?account"
)
_CLOSED = (
    r"\b(?:our|the) (?:bank )?account[^.\n]{0,60}(?:is being closed|has been closed|is closed|was closed|is (?:under|in) audit|is blocked|is frozen|"
    r"cannot receive|can no longer)"
    r"|\b(?:our|the) (?:usual|regular|main|current) bank[^.\n]{0,50}(?:closed|audit|unavailable|suspended)"
    r"|\b(?:remit|pay|transfer|wire|settle)[^.\n]{0,40}(?:account|details|bank) (?:below|following) instead"
    r"|\b(?:settle|pay|remit|transfer|wire)\b[^.\n]{0,30}(?:subsidiary|affiliate|sister company|parent company|holding|agent|third party|personal)[^.\n]{0,20}(?:account|instead|until|for now)"
)
"""Why another account, in English."""
_OTHERS = (
    r"(?:konto|bankverbindung|bankdaten)[^.\n]{0,50}(?:geändert|gewechselt|gesperrt|geschlossen|aufgelöst|geprüft|nicht mehr)"
    r"|(?:neue[nrs]?|geänderte[nr]?|andere[ns]?|folgende[ns]?) (?:konto|bankverbindung|bankkonto)[^.\n]{0,40}(?:überweis|zahl)"
    r"|überweis[^.\n]{0,50}(?:neue[ns]?|andere[ns]?|untenstehende[ns]?) (?:konto|bankverbindung)"
    r"|(?:changement|modification|mise à jour) de (?:nos |notre |mes |mon |vos )?(?:coordonnées bancaires|compte|rib|banque)"
    r"|(?:nouveau|nouvelles) (?:rib|compte bancaire|coordonnées bancaires)|notre compte[^.\n]{0,50}(?:bloqué|clôturé|fermé|audit|contrôle)"
    r"|(?:cambio|modificación|actualización) de (?:nuestra |la |mi )?(?:cuenta|datos bancarios)|(?:nueva|siguiente) cuenta(?: bancaria)?[^.\n]{0,40}(?:pago|transfer)"
    r"|(?:pagos?|transferencias?)[^.\n]{0,50}(?:nueva|siguiente|otra) cuenta|(?:nuestra|la) cuenta[^.\n]{0,50}(?:bloquead|cerrad|auditor)"
    r"|(?:mudança|alteração|atualização) de (?:conta|dados bancários)|(?:nova|seguinte) conta[^.\n]{0,40}(?:pagament|transfer)"
    r"|(?:cambio|variazione|modifica) (?:di|del|delle) (?:conto|iban|coordinate bancarie)|nuov[oe] (?:conto|iban|coordinate bancarie)"
    r"|(?:us[ai]te|usi|utilizz\w+|vers\w+ (?:su|a)|bonific\w+ (?:su|a))[^.\n]{0,20} (?:questo|il seguente|seguente|altro) (?:iban|conto)|(?:nostro|il) conto[^.\n]{0,50}(?:bloccat|chius|verific|congelat)"
    r"|(?:usen?|utilicen?) (?:este|el siguiente) (?:iban|cuenta)|(?:usem?|utilizem?) (?:este|o seguinte) (?:iban|conta)|(?:nossa|a) conta[^.\n]{0,50}(?:bloquead|encerrad|auditori)"
    r"|utilis(?:er|ez) (?:cet|le nouvel|cet autre) (?:iban|compte)|(?:diese|folgende) iban[^.\n]{0,30}(?:nutz|verwend|überweis)|gebruik[^.\n]{0,10} (?:deze|dit|het volgende) (?:iban|rekening)"
    r"|(?:gewijzigd|nieuwe?|gewijzigde) (?:bankrekening|rekeningnummer|bankgegevens)|(?:rekening|bankgegevens)[^.\n]{0,40}(?:gewijzigd|geblokkeerd|gesloten)"
    r"|(?:收款|银行|付款|我司|我们的)[^。\n]{0,12}(?:账户|帐户|账号|帳戶)[^。\n]{0,16}(?:变更|变动|更改|审计|冻结|无法|停用|變更)|(?:以下|下列|新的?)(?:银行)?(?:账户|帐户|账号|帳戶)[^。\n]{0,16}(?:汇|付款|转|匯)|(?:汇入|匯入|付款至|转入)[^。\n]{0,12}(?:新|以下)"
    r"|(?:계좌|은행)[^.\n]{0,20}(?:변경|바뀌|감사|동결|사용할 수 없)|(?:새|새로운|아래의?|변경된) ?(?:새 )?계좌[^.\n]{0,20}(?:송금|입금|이체)"
)
_OPTIONS = re2.Options()
_OPTIONS.max_mem = 32 << 20
_ANNOUNCED = re2.compile(f"{_JAPANESE}|{_ENGLISH}|{_CLOSED}|{_OTHERS}", _OPTIONS)
_DENIED = re2.compile(
    r"変更(?:は|が|も)?(?:ござい|あり)ませ|変更(?:は|が)?な[しい]|(?:変更|切り?替え)[^。\n]{0,20}(?:ことは|依頼は)?(?:ありませ|ございませ|いたしませ|しませ)"
    r"|装[いっう]|詐欺|なりすまし|注意喚起|ご注意|偽の|不審"
    r"|\bnever\b|\bfraud|\bscam|\bcriminals?\b|betrüger|escroc|estafador|golpist|truffator|oplichter|犯罪|不法分子|사칭|\bbeware|\bimpersonat|\bphishing|will not|won't|nothing [^.\n]{0,20}chang|have not changed|has not changed|unchanged|"
    r"no change|not changed|nicht geändert|unverändert|betrug|inchangé|n'a pas changé|arnaque|fraude|no ha cambiado|não mudou|non è cambiat|ongewijzigd|nichts geändert|rien n.a changé|nada ha cambiado|nada mudou|nulla è cambiat|niets (?:is )?(?:veranderd|gewijzigd)|remains? the same|"
    r"不变|没有变|未变|诈骗|谨防|동일|변경되지|사기"
)
"""In one sentence with it: the change is denied, or people are warned of such mail."""
_NOT_SO = re2.compile(
    r"^(?:り|ら)?(?:は|が|も|ご)?(?:ませ|ないまま|な[いくし]|(?:あり|ござい|御座い)ませ|ず|(?:ござい|あり)ますか|(?:ござい|あり)ます?でしょうか|でしょうか|ですか)"
    r"|^(?:の(?:お手続き|手続き?|申請|お申し?込み|届出?|登録|件))?(?:が|を|は|の)?(?:完了|承り|承っ|受け付け|受付[しい完]|ご希望|希望|され(?:る|た)(?:方|場合|際)|する(?:方|場合|際)|した(?:方|場合|際)|が?(?:ある|あった|生じた|必要な)(?:方|場合|際))"
    r"|^(?:届|申請書|申出書|手続き(?:について|方法))"
    r"|^ ?(?:은|는)? ?[^.\n]{0,12}(?:문의|경우|원하시)|^ ?(?:does not|do not|don't|doesn't|has not|is not|will not|won't|remains|stays)\b"
    r"|^[^.\n]{0,12}(?:如需|请联系|請聯繫)"
)
"""Right behind a change: it is denied, asked, was done for the reader, or is up to them."""
_CHANGES = re2.compile(r"(?:変更|訂正|修正|変わ[りっる]|切り?替(?:え|わ)?|切替|移行|변경|变更|變更|[a-z])$")
_PAYS = re2.compile(r"^み?(?:いたします|致します|させていただきます|します|いたしました|しました)")
_PAID_TO = re2.compile(r"(?:振り?込み?|送金|入金|支払い?)$")
"""The author pays."""
_ANSWER = re2.compile(r"\s*(?:re|aw|antw|rv|sv|odp|r|回复|答复|회신) ?[::]")
_YOURS = re2.compile(
    r"\b(?:your|ihre[nr]?|votre|vos|sus?|sua|seus?|vostr[oi]|uw) (?:new|neuen?|nouve(?:au|lles)|nuev[oa]s?|nov[oa]s?|nuov[oi]|nieuwe?) |(?:御社|貴社)の新|贵司的?新|귀사의? 새"
)
_WE_PAY = re2.compile(
    r"\b(?:we|i)(?:'ll| will| shall| are going to) (?:[a-z]{1,8} )?(?:pay|remit|transfer|wire|send|settle|deposit)\b"
)
_OF_THE_READER = re2.compile(
    r"(?:御社|貴社|貴殿|貴行|貴学|お客様|会員様|ご登録|ご自身|皆様)の?[^。\n、]{0,6}$|(?:^|[^a-z])(?:you(?:'ve| have)?|if you|when you|should you) (?:[a-z]{1,10} )?$"
    r"|(?:^|[^a-z])(?:your|ihre[nrms]?|votre|vos|su|sus|sua|seu|seus|suas|vostro|vostri|tuo|uw|je|您的?|贵司的?) (?:[a-z]{1,12} )?$|(?:您的|贵司的?|귀사의? ?|고객님의? ?)$"
)
"""Right before the words: whose account it is."""
_CHECKABLE = re2.compile(
    r"(?:従来|これまで|いつも|お手元|既知|ご存[じ知]|既にお持ち|契約書|名刺|登録済み|公式サイト)の?[^。\n]{0,24}(?:担当者?|番号|電話|連絡先|窓口)[^。\n]{0,20}(?:確認|問い?合わせ|電話|照会|連絡)"
    r"|(?:call|ring|phone|telephone|confirm|verify|check)\b[^.\n]{0,80}(?:you (?:already )?(?:have|know)|known|on file|in (?:your|our|the) (?:contract|agreement|records)|usual) ?(?:number|contact|telephone|phone)?"
    r"|(?:bekannten?|ihnen vorliegenden?|gewohnten?) (?:telefon)?(?:nummer|rufnummer|ansprechpartner)|numéro (?:habituel|que vous (?:avez|connaissez))|interlocuteur habituel"
    r"|(?:número|teléfono|telefone) (?:habitual|que (?:ya )?(?:tiene|conoce|tem|conhece))|numero (?:abituale|che (?:avete|conoscete|ha|conosce))|(?:u|bij u) bekende (?:telefoon)?nummer"
    r"|(?:您|贵司)?(?:已知|熟悉|原有|合同)[^。\n]{0,12}(?:电话|号码|联系人)|(?:기존|계약서)[^.\n]{0,12}(?:번호|담당자)"
)
"""The reader is asked to check it with whom they know, by a number that the mail does not give."""
_ON_PAPER = re2.compile(
    r"(?:書面|書状|郵送|封書|書留|内容証明)[^。\n]{0,40}(?:ご案内|お知らせ|通知|ご確認|お送り|ご連絡)|(?:ご案内|お知らせ|通知)[^。\n]{0,12}(?:書面|郵送|書状)"
    r"|\bby (?:registered )?(?:post|mail|letter)\b|\b(?:our|registered|signed) letter (?:of|dated)\b|\bsent by post\b|\bin (?:our|the) letter (?:of|dated)"
    r"|\bschreiben vom\b|\bper post\b|\beinschreiben\b|\bpar courrier\b|\bcourrier (?:du|recommandé)|\bpor (?:carta|correo postal|burofax)\b|\bpor correio\b|\bcarta registada\b"
    r"|\bper (?:posta|raccomandata)\b|\bper (?:brief|post)\b|\baangetekend|挂号信|书面通知|우편|공문"
)
"""It was announced on paper, which mail does not reach."""
_WORDS = (
    r"振込|振り込|入金|送金|支払.?先|口座|取引銀行",
    r"bank|account|remittance|wire|wiring|ach|payment|beneficiary|iban|swift|direct deposit",
    r"konto|compte|coordonn|\brib\b|cuenta|conta\b|conto\b|rekening|账户|帐户|账号|帳戶|汇入|匯入|付款至|转入|계좌|은행",
)


@rule(control="IN-THEME", direction="inbound", wakes=(Says(_WORDS), Given.FILE))
def payment_change(mail: ByFiles, organisation: Organisation) -> Iterator[Sight]:
    """Text or attachment announces another bank account or payment route than before. Who writes is no excuse: the known
    partner's mailbox may be in others' hands. Not: that nothing changes, and warnings of such mail; nor, unless it hurries, what
    has the reader ask whom they know, by a number that they have, or came on paper and names no account."""
    incoming = mail.incoming
    for place, text in (("", incoming.folded), *((each.part, each.text) for each in incoming.attached)):
        if found := announced(text[:LONGEST]):
            if not _is_to_be_checked(
                incoming.folded[:LONGEST], [each.text[:LONGEST] for each in incoming.attached]
            ):
                evidence = incoming.quote(found) if not place else Evidence(found[:120], place, -1)
                yield Sight((evidence,), values={"quote": found[:60]})
            return


def _is_to_be_checked(text: str, attached: list[str]) -> bool:
    """No text of the mail hurries; of what came on paper, none names an account."""
    every = (text, *attached)
    on_paper = _ON_PAPER.search(text) is not None and not any(map(SEARCHED.search, every))
    return (on_paper or _CHECKABLE.search(text) is not None) and not any(map(HASTE.search, every))


def _is_none(words: str, behind: str) -> bool:
    changes = _CHANGES.search(words) is not None and _NOT_SO.search(behind) is not None
    return changes or (_PAID_TO.search(words) is not None and _PAYS.search(behind) is not None)


def _is_readers(text: str, at: int) -> bool:
    """True for the reader's own account; what an answer repeats in its subject is the reader's where the text says so."""
    if _OF_THE_READER.search(text[max(0, at - 24) : at]) or _WE_PAY.search(text[max(0, at - 24) : at + 12]):
        return True
    line = text.find("\n")
    return at < line and _ANSWER.match(text) is not None and _YOURS.search(text[line:]) is not None


def announced(text: str) -> str:
    """The words of a folded text in lower case by which a change is announced, "" when there are none."""
    for found in _ANNOUNCED.finditer(text):
        if any(found.groups()):
            continue  # "your new bank account": what the reader has told others
        if _is_none(found[0], text[found.end() : found.end() + 40]) or _is_readers(text, found.start()):
            continue
        start = max(text.rfind(mark, 0, found.start()) for mark in "。\n.!?") + 1
        ends = [at for mark in "。\n.!?" if (at := text.find(mark, found.end())) >= 0]
        if not _DENIED.search(text[max(start, found.start() - 200) : min([*ends, found.end() + 200])]):
            return " ".join(found[0].split())
    return ""
