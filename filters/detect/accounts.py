"""Passwords of accounts that a text tells to people (OUT-SECRET): with the account near them, or with what they let in to.

    ID: tanaka01 / パスワード: …      管理者パスワード …      We set the deploy user's password to …

The passphrase of a file is looked for elsewhere (filters.detect.passphrases); passcodes of meetings and of networks for
guests let in who is invited, and are none.
"""

import re
from collections.abc import Iterator
from itertools import islice

from filters.detect.passphrase_openers import ELSEWHERE
from filters.detect.passphrase_words import bare, could_be, is_password, kinds
from filters.detect.randomness import is_real

TRIED = 10_000
"""Places of one shape that are looked at, most of which are placeholders and examples."""
NEAR = 200
"""Characters around a password in which its account stands."""
FIRSTS = (
    "暗証番号",
    "パス",
    "wachtwoord",
    "senha",
    "lösenord",
    "hasło",
    "парол",
    "clave",
    "口令",
    "密碼",
    "암호",
    "passw",
    "passphrase",
    "passcode",
    "pass code",
    "pwd",
    "pw",
    "pass",
    "contraseña",
    "kennwort",
    "mot de passe",
    "密码",
    "비밀번호",
)
"""Literals (folded, lower case) without which there is none."""
_WORD = re.compile(
    r"[パ暗Pp](?:(?:(?<=パ)(?:スワード|スフレーズ|ス(?=[ 　]{0,3}[:=は]))|(?<=暗)証番号)(?:[ ]?\([^)\n]{0,20}\))?"
    r"|(?<=[Pp])(?<![a-z].)(?:(?i:asswords?|asswd|assphrase|ass ?code|wd|w|ass)))"
    r"\s{0,3}(?:は[、,]?|[:=\x1f]|is)\s{0,3}[\"'「『]?(?P<word>[!-~]{4,64})"
)
_ABROAD = re.compile(
    r"(?:passwort|kennwort|mot de passe|contraseña|clave|wachtwoord|senha|lösenord|hasło|парол[ья]|密码|密碼|口令|비밀번호|암호)\s{0,3}(?:[:=\x1f]|ist|est|es|是|为)\s{0,3}[\"'「『«]?(?P<word>[!-~]{4,64})",
    re.IGNORECASE,
)
_ACCOUNT_ABROAD = re.compile(
    r"(?:benutzer(?:name|kennung)?|anmeldename|identifiant|utilisateur|nom d'utilisateur|usuario|cuenta|utente|gebruiker(?:snaam)?|usuário|användarnamn|login|konto|логин|пользователь|账号|帐号|账户|帳號|用户名|用戶名|아이디|계정|사용자)[ ]{0,3}[:=\x1f：][ ]{0,3}[!-~]{2,100}",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(
    r"(?<![a-z0-9])(?:(?i:user ?(?:name|id)?|login(?: ?(?:name|id))?|account(?: ?(?:name|id))?|id))(?:\s{0,3}[:=\x1f]|[ ]?(?:は|is )[、,]?)\s{0,3}[「『\"']?[!-~]{2,100}"
    r"|(?:ユーザー?(?:名|ID|id)?|アカウント(?:名|ID)?|ログイン(?:名|ID|id)|会員(?:番号|ID))\s{0,3}(?:は[、,]?|[:=\x1f])\s{0,3}[「『\"']?[!-~]{2,100}"
    r"|(?:ユーザー?|アカウント|ログイン|管理者?|SIP ?ユーザー|会員)(?:名|番号|ID|id)?[ \t]{1,4}[A-Za-z0-9][!-~]{1,60}"
    r"|\n[ \t]{0,8}(?:User|Username|Login|Account)[ \t]{1,4}[A-Za-z0-9][\w.@\-]{1,40}[ \t\r]{0,3}(?=\n|$)"
)
_WORDS = r"(?:パスワード|パスフレーズ|暗証番号|PW|Pass(?:word|phrase|code)?|Passwort|Kennwort|mot de passe|contraseña|wachtwoord|senha|密码|비밀번호)"
_SYSTEMS = (
    r"初期|仮|暫定|臨時|ログ(?:イン|オン)|サインイン|管理者?|管理画面|管理者用|特権|共[有用]|root|admin(?:istrator)?|サーバー?|ルーター?|スイッチ|ファイアウォール|VPN|S?FTPS?|SSH|SIP|RDP|SMTP|POP3?|IMAP|DB|データベース|メール|メーラー"
    r"|端末|PC|パソコン|Windows|ドメイン|AD|システム|サイト|CMS|WordPress|NAS|カメラ|機器|装置|API|接続|認証|アカウント|ユーザー?|クラウド|ポータル|踏み台|本番|検証|ステージング|開発|テスト|環境|無線|機|ID|BIOS|iLO|IPMI|LDAP|SSO|リモート"
)
_OF_SYSTEM = re.compile(
    rf"(?:{_SYSTEMS})[^\s。、:!-~]{{0,8}}?[ ]?(?:の|用の?)?[ ]?(?:{_WORDS})(?:[ ]?\([^)\n]{{0,20}}\))?(?P<tells>[ ]{{0,3}}(?:は[、,]?(?:引き続き|現在|従来どおり)?|を|が|[:=\x1f]|is|→|⇒)|[ \t\x1f]|(?=[「『]))\s{{0,3}}[\"'「『]?(?P<word>[!-~]{{4,64}})",
    re.IGNORECASE,
)
"""Its name says what it lets in to."""
_KINDS_EN = r"account|server|router|host|machine|portal|site|wi-?fi|network|vpn|database|db|mailbox|console|panel|switch|nas|box|jump host|bastion|instance|cluster|domain|laptop|workstation|appliance|camera|device|user|admin|root|service|tenant|environment|staging|production|login"
_IN_ENGLISH = re.compile(
    r"(?:temporary|temp|initial|default|starter|admin(?:istrator)?|root|login|log-?in|sign-?in|user|server|router|vpn|s?ftp|ssh|sip|rdp|smtp|imap|db|database|mailbox|portal|console|new|account|service|staging|production|prod|test|wordpress|cpanel|windows|domain|network|device|camera|nas|bios)"
    rf"(?: ?(?:{_KINDS_EN}))?(?:'s)? ?(?:password|passcode|passphrase|pass|pwd|pw)(?: (?:for|of|to|on) [^\n.:]{{1,40}}?)?(?: is(?: now)?|[ ]?[:=\x1f]| to|,)[ ]{{0,3}}[\"'“{{(]{{0,2}}(?P<word>[!-~]{{6,64}})"
    rf"|(?:password|passcode|passphrase|pwd|pw) (?:for|of|to|on) (?:the |our |your |its |my )?[^\n.:]{{0,40}}?\b(?:{_KINDS_EN})s?\b[^\n.:]{{0,20}}?(?: is(?: now)?| to|[ ]?[:=])[ ]{{0,3}}[\"'“{{(]{{0,2}}(?P<of>[!-~]{{6,64}})"
    rf"|(?:{_KINDS_EN})(?:'s)? (?:password|passcode|pass|pwd|pw)(?: (?:has been|was|is))?(?: (?:now|set|changed|reset|updated|rotated)){{0,2}}(?: (?:to|is|=)|,) [\"'“{{(]{{0,2}}(?P<set>[!-~]{{6,64}})"
    r"|(?:user|login|account|username|ssh|sftp|ftp|rdp)[ ]?[:=]?[ ]{1,2}[\"']?(?:is )?[A-Za-z0-9._@\\-]{2,60}[\"']?(?: ?[,/]| and| with)(?: the)? (?:password|pass|pwd|pw)(?: is|[ ]?[:=])?[ ]{1,2}[\"'“]?(?P<with>[!-~]{6,64})",
    re.IGNORECASE,
)
_TOGETHER = re.compile(
    r"(?:ID|ユーザー?(?:名|ID)?|アカウント(?:名)?|ログイン(?:名|ID)?|user(?: ?name)?|login|account)[ ]?[/・&+,と及び]{1,2}[ ]?(?:PW|PASS(?:WORD)?|PWD|パスワード)[ ]{0,3}(?:は[、,]?|[:=])?\s{0,4}[\"'「]?[!-~]{2,60}?[」\"']?[ ]{0,3}(?:/|と|,|、|\x1f|\r?\n)[ ]{0,3}[\"'「]?(?P<word>[!-~]{6,64})",
    re.IGNORECASE,
)
"""ID / PW: admin / …"""
_SAID = re.compile(
    r"(?:ユーザー?(?:名|ID)?|アカウント(?:名)?|ログイン(?:名|ID)?|ID)[ ]?(?:は|が|:)?[ 「]{0,3}[A-Za-z0-9][\w.@\\-]{1,40}[」]?(?:[ ]?(?:、|,|/|で、?|\r?\n)[ ]{0,3})(?:パスワード|PW|パス|PASS)[ ]?(?:は|が|:)?[ 「\"']{0,3}(?P<word>[!-~]{6,64})",
    re.IGNORECASE,
)
"""ユーザー admin、パスワード … で入れます"""
_ENDS = re.compile(
    r"[\"'」』”}\)]{0,3}[ \t]{0,3}(?:$|\r?\n|\x1f|[、。,;)]|です|で(?!す?が|き)|に|と|[一-龥ぁ-ん]|and |but |until |\()"
)
"""Behind one that only blanks part from its name."""
PLACEHOLDER = re.compile(
    r"(?i)^(?:[:,'\"\\].*|[*x•.\-_#?]{3,}|<.*|\$.*|%.*%?|\{.*|\[.*|\(.*|your.{0,30}|password.?|passwd|pass|secret|token|change[_-]?(?:me|it|this)|replace[_-]?me|example|none|null|true|false"
    r"|(?:str|bytes|string|char|text|any|int|bool)[,;)]?|\w+\[.*|required|optional|https?:.*|\S{0,4}here|see|os\..*|process\..*|env\..*|config\..*|self\..*|request\..*|input.*|get.*|the|same|sent|will|not)$"
)
"""What shows only where one would stand."""
_INSTANCE = re.compile(
    r"例|e\.g\.|for example|such as|のような|など|以上|文字|characters|必須|required", re.IGNORECASE
)
_AROUND_IT = 16


def passwords(cells: str, *, file: bool) -> Iterator[tuple[str, int]]:
    """(what is in front of it, offset) of each password that a text with its capitals tells; `file`: the text is a file's."""
    done = set()
    told = (
        (match, account)
        for pattern, account in ((_WORD, _ACCOUNT), (_ABROAD, _ACCOUNT_ABROAD))
        for match in islice(pattern.finditer(cells), TRIED)
    )
    for match, account in told:
        word = match["word"].rstrip(".,;)\"'")
        if PLACEHOLDER.match(word) or not is_real(word) or _lets_guests_in(cells, match):
            continue
        if _CODE.search(word) or (file and not _is_chosen(bare(word), file=True)):
            continue
        if account.search(cells, max(0, match.start() - NEAR), match.end() + NEAR):
            done.add(match.start("word"))
            yield match[0][: match.start("word") - match.start()].strip(), match.start()
    for pattern in (_OF_SYSTEM, _IN_ENGLISH, _TOGETHER, _SAID):
        for match in islice(pattern.finditer(cells), TRIED):
            group = match.lastgroup or "word"
            word = bare(match[group].rstrip("}"))
            end = match.start(group) + match[group].find(word) + len(word)
            blank = pattern is _OF_SYSTEM and not match["tells"].strip(" \t")
            if (
                match.start(group) not in done
                and _is_chosen(word, file=file)
                and (not blank or _ENDS.match(cells, end))
                and not _INSTANCE.search(cells, match.start(), match.start(group))
                and not _INSTANCE.match(cells[end : end + _AROUND_IT].lstrip(" 」』)\"'(、,"))
                and not _lets_guests_in(cells, match)
            ):
                done.add(match.start(group))
                yield "****", match.start()


def _is_chosen(word: str, *, file: bool) -> bool:
    """True for what somebody may have chosen, or drawn: in files, where names of fields stand in the same places, of more kinds."""
    if PLACEHOLDER.match(word) or not is_password(word, announced=True) or word.isdigit():
        return False
    signs = any(c.isdigit() for c in word) or not word.isalnum() or could_be(word)
    return (
        signs
        and kinds(word) >= (3 if file and not any(c.isdigit() for c in word) else 2)
        and _CODE.search(word) is None
    )


_CODE = re.compile(
    r"[(\[]|::|->|==|^[-./$%{<]|[A-Za-z]\.[A-Za-z]|^[a-z]+[-_][a-z_-]+$|^_[a-z_-]{2,}$|^[A-Za-z]+:[^!-/]*$|/>|</|&[a-z]+;"
)
"""A call, a name of a program, an option, markup."""


def _lets_guests_in(cells: str, match: re.Match[str]) -> bool:
    return ELSEWHERE.search(cells, max(0, match.start() - NEAR), match.end() + NEAR) is not None
