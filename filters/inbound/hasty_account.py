"""IN-THEME: a bank account stands in the words of the mail, and money shall go there at once."""

from collections.abc import Iterator

import re2

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.reading.own_words import own_words
from filters.rule import rule
from filters.trigger import Given, Says
from filters.views import ByFiles

LONGEST = 8_000
"""Characters that are searched of each text."""
_ACCOUNT = (
    r"(?:銀行|信金|信用金庫|信用組合|農協|支店|営業部)[^\n]{0,40}(?:普通|当座|口座)[^\n]{0,8}\d{6,8}"
    r"|\b[a-z]{2}\d{2}[ -]?(?:[a-z0-9]{4}[ -]?){2,7}[a-z0-9]{1,4}\b"
    r"|\b(?:account|acct|a/c|konto|compte|cuenta|conta|conto|rekening)(?:\s?(?:no|number|nr|nummer|n°|numero|número))?[.:# ]{1,4}\d[\d -]{5,20}\d"
    r"|\b(?:sort code|routing|aba|bsb|clabe|chave pix|pix)[ :#]{1,3}[\w@.+-]{6,36}"
    r"|(?:账号|帐号|账户|帳號|卡号)[:： ]{0,3}\d[\d ]{8,24}|(?:은행|계좌)[^\n\d]{0,12}\d{2,6}-\d{2,6}-\d{4,8}"
)
HASTE = re2.compile(
    r"本日中|本日[、,]|本日が|今日中|至急|大至急|明日(?:の)?(?:午前|中|朝|まで)|明朝|午前中に|正午まで|\d{1,2}時までに|すぐに|直ちに|早急に|今すぐ|急遽|急ぎ"
    r"|\btoday\b|\btonight\b|\bbefore noon\b|\bby noon\b|\bwithin (?:the|an|\d{1,2}) hours?\b|\bimmediately\b|\burgent|\basap\b|\bas soon as possible\b|\btomorrow morning\b|\bby tomorrow\b|\bbefore \d{1,2} ?(?:am|pm)\b|\bby end of (?:the )?day\b|\bsame[- ]day\b"
    r"|\bheute\b|\bsofort|\bumgehend|\bdringend|\bbis morgen\b|\baujourd'hui|\bimmédiat|\burgence\b|\bavant (?:midi|ce soir)|\bdès demain|\bhoy\b|\binmediat|\burgente|\bantes de las|\bmañana\b|\bhoje\b|\bimediat|\bamanhã\b|\boggi\b|\bsubito\b|\bentro domani"
    r"|\bvandaag\b|\bspoed|\bonmiddellijk|\bmorgenochtend|今天|今日内|立即|尽快|马上|明天上午|오늘|즉시|긴급|내일 오전"
)
_PAY = re2.compile(
    r"振り?込|送金|入金|お支払|返金|立替|立て替え|\bpay\b|\bpayment|\bwire\b|\btransfer|\bremit|\bdeposit|\bsettle|\bsend the\b|\brefund|\bzahl|überweis|\bvirement|\bpay(?:er|ez)\b|\bvers(?:er|ez)\b|\btransf|\bpag[ou]|\bpagar|\babon|\bbonific|\bvers(?:are|i)\b"
    r"|\bbetaal|\bovermak|\bstort|汇|付款|支付|转账|송금|입금|이체"
)
_ODD = re2.compile(
    r"個人名義|個人口座|役員(?:です|の口座|名義)|代理店の口座|関連会社|子会社名義|監査|凍結|着金し|利用でき|使え(?:ない|ませ)|前倒し|前受|前払|立替|立て替え|保証金|組み?戻|電話(?:は|に|が)[^。\n]{0,14}(?:出られ|でき|鳴らせ|控え)|誤って|二重|他言|内密"
    r"|\bagents?\b|\bsubsidiary\b|\baffiliate\b|\bpersonal account\b|\bcolleague's account|\bpartner's account|\baudit\b|\bfrozen\b|\bblocked\b|\binstead\b|\bcannot (?:talk|take calls|receive)|\bcan't (?:talk|take calls)|\bin advance\b|\badvance\b|\bcash deposit\b|\bcustoms\b"
    r"|\bprüfung\b|\bgesperrt\b|\bvorschuss|\bvorauszahl|\bprivatkonto|\bstattdessen|\bagentur|\bbloqu|\bavance\b|\bacompte urgent|\bcompte personnel|\banticip|\bauditor|\bcuenta personal|\bconta pessoal|\badiant|\bconto personale|\bvoorschot|\bgeblokkeerd|\bprivérekening"
    r"|审计|冻结|个人账户|垫付|预付|감사로|동결|개인 계좌|선입금|대신"
)
"""Why not the account that is known, or why nobody shall ask."""
_INSTANT = re2.compile(
    r"楽天銀行|住信sbi|paypay銀行|gmoあおぞら|ソニー銀行|auじぶん|みんなの銀行|ui銀行|セブン銀行"
    r"|\brevolut\b|\bwise\b|\bmonzo\b|\bstarling\b|\bn26\b|\bbunq\b|\bpayoneer\b|\bmercury\b|\bairwallex\b"
)
"""Banks at which accounts are opened within minutes."""
SEARCHED = re2.compile(_ACCOUNT)
_WAKE = (r"\d{6}", r"pix|clabe", r"\d[ -]\d{4}")


@rule(control="IN-THEME", direction="inbound", wakes=(Says(_WAKE), Given.FILE))
def hasty_account(mail: ByFiles, organisation: Organisation) -> Iterator[Sight]:
    """A bank account in the mail's own words, not in what it quotes, to which money shall go at once, whoever writes: 5 when
    it also says why not the account that is known, or that nobody can be called, or a stranger names a bank where accounts
    are opened within minutes; else 3 from strangers, and nothing from authors we know, who remind, too (2 for such a bank). One
    less where the account stands in what is attached."""
    incoming = mail.incoming
    if incoming.is_bulk or incoming.is_long or organisation.internal(incoming.author.address):
        return
    text = own_words(incoming.folded[:LONGEST])
    if not (HASTE.search(text) and _PAY.search(text)):
        return
    found, part = SEARCHED.search(text), ""
    if not found:
        for each in incoming.attached:
            if found := SEARCHED.search(each.text[:LONGEST]):
                part = each.part
                break
    if not found:
        return
    known, instant = (
        incoming.known(),
        _INSTANT.search(f"{text}\n{found.string}" if part else text) is not None,
    )
    weight = 5 if _ODD.search(text) else 2 if known and instant else 0 if known else 5 if instant else 3
    if weight := weight - bool(weight and part):
        evidence = Evidence(found[0][:120], part, -1) if part else incoming.quote(found[0])
        yield Sight((evidence,), weight=weight, values={"account": " ".join(found[0].split())[:60]})
