"""Secrets without a form of their own: a name that speaks of one (api_key, DB_PASSWORD, アクセストークン), and what it is given.

Configuration, source, command lines, tables and sentences give values in many ways; what is given must look drawn by
chance, or chosen as a password. Names of public keys, counters and places are none.
"""

import re
from collections.abc import Iterator

import re2

from config.lists import table
from filters.detect.randomness import ODD, is_random, is_real, wordiness
from filters.detect.text import Idle
from mail.charset import unbase64

_WORDS = "bearer|jwt|key|token|secret|passw|passphrase|pass|pwd|credential|auth|webhook|login|signature|session|sid|psk"
_KINDS = "api|access|secret|client|auth|account|private|encryption|signing|shared|master|storage|deploy|service|bot|app|refresh|bearer"
_JAPANESE = "キー|鍵|トークン|シークレット"
WAKES = "|".join(
    (
        rf"(?:{_WORDS})[a-z0-9_.\-]*[\\\"'`\]) }}」』]*(?:[{{=:,|>(\t]|->|→|[はがに]| is )",
        rf"-[a-z\-]*(?:{_WORDS})[a-z\-]* +[!-~]",
        rf"(?:env|setx?|export|arg|add) +[a-z0-9_]*(?:{_WORDS})[a-z0-9_]* +[!-~]",
        rf"(?:{_JAPANESE})[ 」』)]*(?:[はがをに]|です|[:=→\n\t(|,])",
        r"(?:key|token|secret)(?:s|[a-z ]*)?:?\n",
        r"(?:key|token|secret) +[a-z_\-]*[0-9][a-z0-9_\-]*[0-9][a-z0-9_\-]*\r?(?:\n|$)",
        rf"(?:{_WORDS})[a-z0-9_]*[\"']?\n +value",
    )
)
"""RE2: matches a folded text in lower case wherever a name may be given something."""

_NAME = (
    rf"(?:(?i:{_KINDS}) )?[A-Za-z0-9_.\-]*(?i:{_WORDS})[A-Za-z0-9_.\-]*"
    rf"|(?:API|アクセス|シークレット|秘密|認証|署名|共有|接続|アカウント|暗号|復号)?(?:{_JAPANESE})(?:\([^)\n]{{0,20}}\))?"
)
_GIVES = "|".join(
    (
        r"[ ]{0,12}(?::=|=>|->|={1,3}|::?|→|⇒|\||,|\x1f)[ \x1f]{0,12}(?:[|>][-+]?\s{1,12})?",
        r"\s{1,3}(?:is|was)[:]?\s{1,3}",
        r"[ ]{0,3}(?:は|が)(?:次|以下|下記|こちら)の?(?:とおり|通り)?(?:です|になります|となります|でございます)?[。:]?[ ]{0,4}",
        r"[ ]{0,3}(?:は|が|に)[、,:]?[ ]{0,4}",
        r">\s{0,8}",
        r"\(\s{0,3}",
        r"\s{0,3}[,;]?\s{0,8}[\\\"']{0,2}(?i:value|val|content|string)[\\\"']{0,2}[ ]{0,3}[:=>][ ]{0,3}",
        r"\s{0,3}\{[^{}]{0,120}?\bdefault[ ]{0,8}=[ ]{0,3}",
        r"[ ]{1,8}",
        r"[^\n=:]{0,24}(?:を|は|です|ます|:|follows|below)[^\n]{0,24}\n\s{0,6}",
    )
)
_SCHEME = r"(?i:bearer|basic|token|apikey|sharedkey|aws4-hmac-sha256|string|env)[ :][ ]{0,2}"
_GIVEN = re2.compile(
    rf"(?P<name>{_NAME})(?P<closes>[\\\"'`\]）)}}」』]{{0,3}})(?P<gives>{_GIVES})"
    rf"(?:{_SCHEME})?(?P<quote>[\\\"'`(\[「『【<]{{0,3}})[ ]{{0,2}}(?:{_SCHEME})?"
    r"(?P<value>[A-Za-z0-9!#$%&*+./:=?@^_|~\-][!-~]{5,600})"
)
_VALUE = _GIVEN.groupindex["value"]
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_NAMES = {kind: frozenset(parts) for kind, parts in table("secrets")["names"].items()}
_KNOWN = _NAMES["secrets"] | _NAMES["passwords"]
_WRITTEN_TOGETHER = re.compile(
    "(?:token|secret|passwd|password|dbpass|(?:api|secret|access|encryption|signing|private|master|shared|storage|account|auth)key)$"
)
_ENDS = re.compile(r"[\"'`<>\\,;」』】]|\\[nrt]|\)$|\]$|&(?:amp|quot|[A-Za-z0-9_\-]{1,20}=)|[)}\]][,;]?$")
_CODE = re.compile(
    r".*[(\[]|\w+://.*|\.{0,2}/.*|[A-Za-z]:\\.*|.*\.(?:py|js|json|txt|html?|pem|crt|key|conf|log|xml|ya?ml)|[\d.,:/\-]+"
    r"|[^@\s]+@[\w.\-]+\.\w+|[A-Z]{2,6}-[\d\-]+"
)
"""What is given is a call, a place, a number or an address."""
_NAMED = re.compile(r"[A-Za-z_]\w*(?:[.\-][A-Za-z_]\w*)+|[A-Za-z]+[0-9]{0,2}|\w+(?:::\w+)+")
_CALL = re.compile(r"\w[(\[]|^[*&]\w")
_ANNOUNCED = re.compile(r"[^\s:=|>+\-]")
_ALONE = re.compile(r"[ \r]{0,8}(?:\n|$)")
_JOINS = re.compile(r"(?i)(?:zoom|webex|meet|/j/|/join)[^\s]{0,100}$")
"""In front of the passcode in a link into a meeting, which everybody gets who is invited."""
_BLANK = "="
"""Where nothing but blanks stand between, as good as this."""
_DEED = re.compile(
    r"(?i)(?:unsub|opt-?out|subscri|confirm|verif|invit|reset|activat|preview|track|share|download|survey|cancel|manage|click|open|view|rsvp|register|signup|join|feedback|form|passw|/pw(?:[/?]|$)|recover|forgot|magic|accept|claim|welcome|onboard|set-?up|redeem|enrol|one-?time|review|approve|decline|checkin|check-in|booking|reserv|ticket|parcel|delivery|receipt|esign|e-sign|sign-document)"
)
"""In the address of what lets the one who gets the link do the one thing that it is for."""
_ADDRESS = re.compile(r"(?i)https?://[^\s]{0,110}[?&;]$")
_IN_QUERY = re.compile(
    r"(?i)(?:t|tok|token|key|k|sig|signature|hash|auth|code|sid|session|jwt|invite_?token|reset_?token|confirmation_?token)"
)
_OTHER_KEY = re.compile(
    r"(?:公開|検証|主|外部|複合|候補|検索|並べ替え|ソート|合い?|車の?|家の?|部屋の?|玄関の?|一意|代替|自然|ショートカット|ファンクション|矢印|改行|エンター|タブ|録音|景品|部分|分散|行)$"
)
"""In front of キー and 鍵: of a table, a keyboard, a door, or what everybody may have."""
_PUBLIC_KEY = re.compile(
    r"(?i)(?:^|[^a-z])(?:public|host|site|anon(?:ymous)?|publishable|verif(?:y|ying|ication)|primary|foreign|sort|cache|object|partition|routing|translation|lookup|peer|identity)[ ]$"
)
"""In front of a key that everybody may have."""
_SHAPED = re.compile(
    r"[A-Z]{14}-[A-Z]{10}-[A-Z]"  # InChIKey, of IUPAC: a substance
    r"|(?i:sha[0-9]{1,3}|md5|hmac|crc32|blake2b)(?:-[0-9]{1,3})?[=:_-][!-~]+"  # a digest
    r"|AAAA(?:B3|C3|E2|Gn)[A-Za-z0-9+/=]+"  # SSH, RFC 4253 §6.6: a public key
)
_DER = re.compile(r"M[A-Za-z0-9+/]{23,}={0,2}")
_LENGTH = rb"(?:[\x00-\x7f]|\x81.|\x82..)"
_OPEN = re.compile(
    rb"\x30" + _LENGTH + rb"(?:\x30" + _LENGTH + rb"(?:\x06|\xa0\x03\x02\x01)|\x02[\x1c-\x42])", re.DOTALL
)
"""What DER of this kind begins with: the name of an algorithm or a version of a certificate (RFC 5280 §4.1), or two numbers
of a curve's size (RFC 3279 §2.2.3)."""
_COMMAND = re.compile(r"(?i)(?:^|[\s;])(?:env|setx?|export|arg|add)[ ]{1,4}$")
_CHANCE = re.compile(r"[A-Za-z0-9+/_=.~|:%\-]+")
_HEX = re.compile(r"[0-9a-fA-F\-]+")
"""Often a digest or an identifier."""
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_OPENS = frozenset(
    ["api", "access", "secret", "auth", "private", "token", "client", "app", "service", "account"]
)
"""Without one of these a key that is a UUID is a row's."""
NAME_LIKE = 0.5
"""Share of usual pairs in names of source code."""
MOST = 10_000
"""Most names looked at in one text, most of which are given placeholders."""
_BEFORE = 120
"""Characters in front of a name that tell what it is one of."""
AGAIN, BEYOND = 3, 200
"""What a name is given may be a name itself (key="api_token" value="…"): how often, and how far it is looked on."""
_BEHIND = AGAIN * BEYOND


def assigned(cells: str, *, file: bool) -> Iterator[tuple[str, int, str]]:
    """(name, offset, secret) of each in a text with its capitals; `file`: it is a file's, not a mail's.

    In a mail, what "password: …" says to people is not looked at here.
    """
    done = 0
    idle = Idle()
    last = len(cells) - _BEHIND
    for number, match in enumerate(_GIVEN.finditer(cells)):
        if number == MOST:
            return
        start, end = match.span()
        seen = cells[start - _BEFORE : end + _BEHIND] if start >= _BEFORE and end <= last else ""
        if seen in idle:
            continue
        if not match["name"].isascii() and _OTHER_KEY.search(cells[max(0, start - 10) : start]):
            continue
        if match["name"].lower() in ("key", "keys") and _PUBLIC_KEY.search(cells[max(0, start - 16) : start]):
            continue
        base, text, begun = 0, cells, done
        for _ in range(AGAIN):
            name, closes, gives, quote, value = match.groups()
            at = base + match.start(_VALUE)
            quoted = quote not in ("", "(", "[")
            bare = _bare(value, quoted)
            written = file or _is_code_style(name, closes, gives.strip(), quote)
            counts = _gives(text, match, name, gives)
            if at >= done and is_secret(name, counts, bare, written=written, quoted=quoted):
                yield name, at, bare
                done = at + len(bare)
                break
            base, text = at, cells[at : base + match.end() + BEYOND]
            if (again := _GIVEN.search(text)) is None:
                break
            match = again
        if done == begun <= start:
            idle.add(seen)


def _gives(text: str, match: "re2._Match[str]", name: str, gives: str) -> str:
    """What stands between name and value, "" when it gives nothing that counts: the passcode of a meeting, a blank where no command stands in front (ENV NAME
    value), an announcement (キーは次のとおりです) above something that is not alone in its line."""
    if name.lower() == "pwd" and _JOINS.search(text[max(0, match.start() - _BEFORE) : match.start()]):
        return ""
    if not gives.strip(" "):
        if _COMMAND.search(text, max(0, match.start() - 12), match.start()):
            return gives
        return _BLANK if _is_line(text, match) else ""
    if _IN_QUERY.fullmatch(name) and is_linked(text[max(0, match.start() - _BEFORE) : match.start()]):
        return ""
    if _announces(gives) and not _ALONE.match(text, match.end()):
        return ""
    return gives


def is_linked(before: str) -> bool:
    """True right behind the address of what lets those who get it do one thing."""
    address = _ADDRESS.search(before)
    return address is not None and _DEED.search(address[0]) is not None


def _is_line(text: str, match: "re2._Match[str]") -> bool:
    """True where name and value are all that their line holds, and the value looks drawn: "Auth Token 5f3c…"."""
    begins = text[max(0, match.start() - 24) : match.start()].rpartition("\n")[2]
    value = match["value"]
    return (
        not re.search(r"[^\s>・*\-■●]", begins)
        and _ALONE.match(text, match.end()) is not None
        and is_random(value, 20)
        and wordiness(value) < ODD
    )


def _is_code_style(name: str, closes: str, gives: str, quote: str) -> bool:
    """True where a program is told something, not a person: DB_PASSWORD, dbPassword, --password, <password>, "password": …"""
    words = name.islower() or name.istitle() or name.isupper()
    return (
        any(sign in name for sign in "_.-")
        or not words
        or (name.isupper() and len(name) > len("PASSPHRASE") - 1 and name != "PASSPHRASE")
        or any(mark in closes for mark in "\"'`")
        or (gives in ("=", ">", "=>", ":=") and (gives == ">" or quote in ("'", '"')))
    )


def _announces(gives: str) -> bool:
    """True for a sentence whose value stands in a line of its own."""
    return gives.rstrip(" ").endswith("\n") and _ANNOUNCED.search(gives) is not None


def is_secret(name: str, gives: str, value: str, *, written: bool, quoted: bool) -> bool:
    """True when a name that is given a value this way tells that the value is a secret; `written`: for a program."""
    pieces = name.split(".")
    parts = [part.lower() for part in _PARTS.findall(pieces[-1])]
    if len(pieces) > 1 and set(parts) <= _NAMES["weak"]:
        parts += [part.lower() for part in _PARTS.findall(pieces[-2])]
    if not name.isascii():
        return is_random(value, 12)
    if _NAMES["others"].intersection(parts) or not (_KNOWN.intersection(parts) or _joined("".join(parts))):
        return False
    if not gives and not name.rpartition(" ")[2].startswith("-"):
        return False
    if not quoted and (gives.strip() == "(" or gives == ", " or _CALL.search(value)):
        return False
    if _NAMES["passwords"].intersection(parts) or "passw" in name.lower():
        return written and ("_" in name or not _announces(gives)) and is_chosen(value)
    weak = set(parts) <= _NAMES["weak"]
    if _SHAPED.fullmatch(value) or _is_public(value) or (weak and _is_kept(value)):
        return False
    if _UUID.fullmatch(value) and "key" in parts and not _OPENS.intersection(parts):
        return False
    if weak and _HEX.fullmatch(value):
        return False
    if _CHANCE.fullmatch(value):
        return is_random(value, 20 if weak else 12) and not _is_code(value)
    return not weak and is_chosen(value)


def _is_public(value: str) -> bool:
    """True for a public key, a certificate or a signature in DER."""
    if _DER.fullmatch(value) is None:
        return False
    return _OPEN.match(unbase64(value[:40].encode())) is not None


def _is_kept(value: str) -> bool:
    """True for words and a digest, joined: under which something is kept ("node-modules-Linux-5f3c…")."""
    pieces = re.split(r"[-_.:/]", value)
    return len(pieces) > 2 and all(piece.isalpha() or _HEX.fullmatch(piece) for piece in pieces if piece)


def _is_code(value: str) -> bool:
    """True for a call, a place, a number, an address, or a name made of words."""
    return _CODE.fullmatch(value) is not None or (
        _NAMED.fullmatch(value) is not None and wordiness(value) >= NAME_LIKE
    )


def _joined(name: str) -> bool:
    """True for a name whose words were written together: dbpass, authtoken, xapikey."""
    return _WRITTEN_TOGETHER.search(name) is not None


def _bare(value: str, quoted: bool) -> str:
    """What was given without what closes it."""
    end = _ENDS.search(value)
    value = value[: end.start()] if end else value
    return value if quoted else value.rstrip(".,:;!?*")


def is_chosen(value: str) -> bool:
    """True for what somebody or a program may have chosen as a password: three kinds of characters, or by chance."""
    if len(value) < 8 or not is_real(value) or _is_code(value):
        return False
    kinds = sum(
        any(test(c) for c in value)
        for test in (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())
    )
    return (kinds >= 3 and any(c.isdigit() for c in value)) or is_random(value, 8)
