"""IN-SPOOF: from outside, in the voice of the reader's own house: its help desk, its personnel office, a word to all staff."""

from collections.abc import Iterator
from functools import lru_cache

import re2

from config.policy import Organisation
from filters.finding import Sight
from filters.lures.belonging import leads_home
from filters.rule import rule
from filters.trigger import Always
from filters.views import ByFilesAndLinks
from mail.charset import fold

_OFFICE = re2.compile(
    r"(?:(?:it|ict|hr|human resources?|payroll|people|personnel|staff|employee|internal|corporate|company|mail|e-?mail|webmail|mailbox|exchange|office 365|"
    r"microsoft 365|network|vpn|system|systems|compliance|training|benefits|security|account|shared|intranet|helpdesk|help|service|support|desk|team|dept\.?|"
    r"department|office|admin|administrator|administration|management|operations|notice|notices|notification|portal|services|centre|center|of|the|and|&|"
    r"it-abteilung|personalabteilung|personalwesen|service informatique|support informatique|ressources humaines|direction|recursos humanos|soporte ti|"
    r"soporte|departamento|de|personeelszaken|afdeling|ict-afdeling|risorse umane)[\s,:/()_-]*)+"
    r"|(?:情報システム|情シス|システム管理|システム|it統括|it管理|it推進|it|ネットワーク管理|セキュリティ|人事|労務|総務|経理|財務|給与|厚生|福利厚生|法務|監査|経営企画|社内|メール管理|"
    r"メールサーバー|メールシステム|ヘルプデスク|管理|担当|部|課|室|係|者|チーム|窓口|センター|事務局|サポート|・|統括|本部)+"
    r"|(?:人力资源|人事|行政|财务|信息技术|网络管理|邮箱管理|系统管理|it)(?:部|处|中心|员|服务台)?"
    r"|(?:인사|총무|전산|메일|시스템)(?:팀|부|관리자|과)?"
)
_HOUSE = re2.compile(
    r"\b(?:it|ict|hr|human resources?|payroll|personnel|staff|employee|internal|intranet|mail|e-?mail|webmail|mailbox|exchange|vpn|system|network|compliance|training|"
    r"benefits|help ?desk)\b|abteilung|personal|informatique|ressources|recursos|soporte ti|personeel|risorse|情報シ|情シス|システム|it|人事|労務|総務|経理|財務|給与|福利|社内|"
    r"メール|ヘルプ|人力|行政|财务|信息|邮箱|인사|총무|전산|메일"
)
"""An office of the house, not one that serves its customers."""
_TO_ALL = re2.compile(
    r"(?:社員|従業員|職員|全社員|役職員|スタッフ)の?(?:皆様|皆さま|各位)|社員各位|全従業員|\ball (?:employees|staff)\b|\bdear (?:employees?|staff|team member)\b|"
    r"\battention,? (?:all )?(?:employees|staff)\b|an alle mitarbeite|liebe mitarbeite|sehr geehrte mitarbeite|à tous les (?:collaborateurs|employés|salariés)|"
    r"a todos los empleados|estimados empleados|a todos os (?:funcionários|colaboradores)|a tutti i dipendenti|alle medewerkers|beste medewerker|各部门员工|全体员工|"
    r"各位(?:员工|同事)|全体同仁|전 ?직원|임직원 여러분"
)
_LATIN = re2.compile(r"[a-z]{4,}")


@rule(
    control="IN-SPOOF",
    direction="inbound",
    wakes=(Always("a name is judged by what it does not say: whose office"),),
)
def house_voice(mail: ByFilesAndLinks, organisation: Organisation) -> Iterator[Sight]:
    """An author outside whose name is an office of a house and nothing else ("IT Help Desk", 「人事部」), or who addresses all
    staff. Weight 2 (1 for the name alone where links lead home); 3 where the mail does both, or speaks of our own domain as
    the reader's account there."""
    incoming = mail.incoming
    author = incoming.author.address
    if (
        incoming.known()
        or author in mail.facts.familiar
        or incoming.is_bulk
        or incoming.is_long
        or organisation.internal(author)
    ):
        return
    name = fold(incoming.name)[:80].lower().strip(" \"'")
    office = _is_office(name)
    to_all = _TO_ALL.search(incoming.folded[:3_000])
    own = _own_account(incoming.folded[:6_000], organisation)
    signs = sum(map(bool, (office, to_all, own, own)))
    if not signs or not (incoming.links or mail.reading.attachments or own):
        return
    evidence = [incoming.from_field()] if office else []
    evidence += [incoming.quote(found) for found in (to_all[0] if to_all else "", own) if found]
    shown = name if office else to_all[0] if to_all else own
    weight = 1 if signs == 1 and office and leads_home(mail) else min(1 + signs, 3)
    yield Sight(tuple(evidence), weight=weight, values={"name": shown[:60]})


_ACCOUNT = re2.compile(
    r"(?:password|user ?name|account|credentials|sign in|log in|パスワード|アカウント|ログイン|サインイン|passwort|konto|mot de passe|compte|contraseña|cuenta|密码|账号|비밀번호|계정)"
)


@lru_cache(maxsize=256)
def _is_office(name: str) -> bool:
    return bool(name and _OFFICE.fullmatch(name) and _HOUSE.search(name))


def _own_account(text: str, organisation: Organisation) -> str:
    """Where the text speaks of an account or password at one of our domains, addresses apart."""
    for domain in organisation.domains:
        at = text.find(domain)
        while at >= 0:
            around = "" if text[at - 1 : at] == "@" else text[max(0, at - 60) : at + len(domain) + 30]
            if around and (found := _ACCOUNT.search(around)):
                return str(found[0])
            at = text.find(domain, at + 1)
    return ""
