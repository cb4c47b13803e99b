"""Credentials in texts (OUT-SECRET): keys, tokens, connection strings, accounts with passwords.

Tokens are recognised by the prefixes that their issuers chose for this very purpose. All patterns are
bounded, so no text makes them slow.
"""

import re
from collections.abc import Iterator
from itertools import islice

import msgspec
import re2

from filters.detect import accounts, exports
from filters.detect import assigned as assignments
from filters.detect import issued as issuers
from filters.detect.accounts import PLACEHOLDER
from filters.detect.assigned import assigned, is_chosen, is_linked
from filters.detect.issued import issued
from filters.detect.passphrase_words import kinds
from filters.detect.randomness import EXAMPLES, digest, is_random, is_real
from filters.detect.text import Text

MOST = 50
"""Most credentials counted in one text; more would add nothing."""
TRIED = 10_000
"""Places of one shape that are looked at, most of which are placeholders and examples."""

AROUND = 2_000
GUESTS = 120
"""Characters around the key of a network in which it stands that it is for guests."""
_GUESTS = re.compile(
    r"(?i)ゲスト|来客|来場|お客様用|会場|客室|ご宿泊|店内|フリー|guest|visitor|free wi-?fi|lobby|event"
)


class Secret(msgspec.Struct, frozen=True):
    """A credential: its kind (private_key, token, connection, password), masked words for people, and its offset."""

    kind: str
    quote: str
    offset: int


class Shape(msgspec.Struct, frozen=True):
    """One form of a credential. `firsts`: lower-case literals, one of which occurs in every match; `exact`: those of
    one whose pattern minds the case, as they are written; `near`: what stands at most AROUND characters away; `chosen`:
    what is given must look chosen as a password; `word`: of how many kinds its characters must be.

    A pattern begins with letters and looks behind afterwards: Python finds its beginnings ten times as fast then.
    """

    kind: str
    label: str
    firsts: tuple[str, ...]
    pattern: "re.Pattern[str] | re2._Regexp"
    exact: tuple[str, ...] = ()
    near: str = ""
    chosen: bool = False
    word: int = 0


_END = r"(?![A-Za-z0-9])"
_FRESH = r"(?<![A-Za-z0-9])"

_HASHED = (
    ":$1$",
    ":$5$",
    ":$6$",
    ":$y$",
    ":$7$",
    ":$2a$",
    ":$2b$",
    ":$2y$",
    ":$apr1$",
    ":$argon2",
    ":$pbkdf2",
    ":{sha",
    ":{ssha",
)
_KEY = r"[ \t]*(?:[a-z_][\w.\-]*|DB|)"
_VALUE = r"[ ]?[:=][ ]?[\"']?[!-~]+[ ]*\r?\n"
_GIVEN = r"[ ]?[:=][ ]?[\"']?(?P<word>[^\s\"'{}]{8,100})"
_LINES = r"(?:[^\n]*\n)"
"""Lines of a configuration, by which an account of a program is told from one that people are told of."""
SHAPES: tuple[Shape, ...] = (
    Shape("private_key", "PEM", ("private key",),
          re.compile(r"-{4,5} ?BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)? ?-{4,5}")),
    Shape("private_key", "OpenVPN", ("openvpn static key",), re.compile(r"-{5}BEGIN OpenVPN Static key V1-{5}")),
    Shape("private_key", "minisign", ("minisign", "signify"), re.compile(r"(?:minisign|signify)[^\n]{0,80}secret key\r?\n(?P<word>RW[A-Za-z0-9+/=]{50,300})")),
    Shape("private_key", "PuTTY", ("putty-user-key",), re.compile(r"PuTTY-User-Key-File-[123]:")),
    Shape("token", "JWT", ("eyj",),
          re.compile(r"eyJ(?<![A-Za-z0-9]eyJ)[A-Za-z0-9_\-]{10,3000}\.eyJ[A-Za-z0-9_\-]{10,6000}\.[A-Za-z0-9_\-]{16,1500}"),
          exact=("eyJ",)),
    Shape("connection", "URL", ("://",),
          re.compile(r"(?<![a-z0-9])(?!https?:|ftp:)[a-z][a-z0-9+]{2,20}://[^\s:/@]{0,64}:(?P<word>[^\s@/]{3,100})@[\w.\-]{1,200}")),
    Shape("connection", "URL", ("://",),
          re.compile(r"(?<![a-z0-9])(?:https?|ftp)://[^\s:/@]{0,64}:(?P<word>[^\s@/]{3,100})@[\w.\-]{1,200}")),
    Shape("connection", "ODBC", ("pwd=", "password="),
          re.compile(r"(?i:server|data source|host|dsn|user id|uid)\s?=[^;\n]{1,200};[^\n]{0,300}?(?i:password|pwd)\s?=\s?(?P<word>[^;\s\"']{3,100})")),
    Shape("connection", "pgpass", (":5432:", ":6432:", ":3306:", ":1433:", ":*:"),
          re.compile(r"(?m)^[ >]{0,8}[\w.*\-]{1,100}:(?:[0-9]{2,5}|\*):[\w.*\-]{1,60}:[\w.*\-]{1,60}:(?P<word>[^\s:]{5,100})[ \r]{0,3}$")),
    Shape("connection", "mysql", ("mysql",), re2.compile(r"mysql[a-z]*[ ][^\n]*?[ ]-p[\"']?(?P<word>[!#-&(-,.-~][!#-&(-~]{4,60})")),
    Shape("connection", "PuTTY", (" -pw ",), re2.compile(r"(?:plink|pscp|psftp|putty)[^\n]*?[ ]-pw[ ]+[\"']?(?P<word>[!#-&(-~]{5,64})")),
    Shape("connection", "sshpass", ("sshpass",), re.compile(r"sshpass[ ]{1,3}-p[ ]{0,3}[\"']?(?P<word>[^\s\"']{4,60})")),
    Shape("connection", "net use", ("/user:",), re.compile(r"net use[^\n]{0,100}/user:[^\s]{1,60}[ ]{1,3}(?P<word>[^\s/*][^\s]{3,60})")),
    Shape("connection", "Oracle", ("jdbc:oracle:",), re.compile(r"jdbc:oracle:[a-z0-9]{2,10}:\w{1,40}/(?P<word>[^\s@/]{3,60})@")),
    Shape("token", "SAS", ("sig=",), re2.compile(r"[?&]s[vpe]=[^\s]*?&sig=(?P<word>[A-Za-z0-9%+/=]{40,})")),
    Shape("token", "unattended", ("<plaintext>",), re.compile(r"<\w{0,30}Password>\s{0,20}<Value>(?P<word>[^<\s]{4,200})</Value>")),
    Shape("token", "FileZilla", ("<pass ", "<pass>"), re.compile(r"<Pass(?: encoding=\"base64\")?>(?P<word>[^<\s]{4,200})</Pass>")),
    Shape("token", "RDP", ("password 51:b:",), re.compile(r"password 51:b:[0-9A-Fa-f]{20}")),
    Shape("token", "router", ("secret 5 ", "secret 8 ", "secret 9 ", "password 7 ", "secret 4 "),
          re.compile(r"(?:password|secret) (?:7 [0-9A-F]{8,100}|[4589] [!-~]{20,120})")),
    Shape("token", "LDAP", ("{ssha", "{sha", "{crypt}", "e1nts", "e1niq", "e2nye"),
          re.compile(r"userPassword(?:: ?\{(?:S?SHA(?:256|512)?|CRYPT)\}|::[ ]{0,3}e[12])[!-~]{16,200}", re.IGNORECASE)),
    Shape("connection", "netrc", ("machine",),
          re.compile(r"machine[ \x1f\r\n]{1,4}[\w.\-]{1,100}[ \x1f\r\n]{1,8}(?:login|user)[ \x1f\r\n]{1,4}[!-~]{1,100}[ \x1f\r\n]{1,8}(?:password|passwd)[ \x1f\r\n]{1,4}(?P<word>[!-~]{3,100})")),
    Shape("connection", "curl", ("curl",),
          re.compile(r"curl(?![a-z])[^\n]{0,400}?[ ](?:-u|--user|--proxy-user)[ =]{0,3}[\"']?[!-9;-~]{1,64}:(?P<word>[^\s\"'@]{3,100})")),
    Shape("token", "cookie", ("cookie:",),
          re2.compile(r"(?i:cookie):[^\n]*?(?i:sess|sid|auth|token|jwt)[\w.\-]*=(?P<word>[A-Za-z0-9%._\-]{16,})")),
    Shape("token", "htpasswd", _HASHED,
          re.compile(r"(?m)^[ >\"]{0,8}[A-Za-z_][\w.\-]{0,40}:(?:(?:\$(?:[156y]|2[abxy]|7|apr1|argon2id?|pbkdf2[a-z0-9\-]{0,10}|gy|sha1)\$[!-9;-~]{20,200}|\{S?SHA(?:256|512)?\}[A-Za-z0-9+/=]{20,100}))")),
    Shape("token", "NTLM", (":::",), re.compile(r"(?m)^[ >\"]{0,8}[\w.$\\\- ]{1,60}:[0-9]{1,7}:[0-9a-fA-F]{32}:[0-9a-fA-F]{32}:::")),
    Shape("private_key", "JWK", ("\"kty\"",), re.compile(r"\"[dk]\"\s{0,3}:\s{0,3}\"(?P<word>[A-Za-z0-9_\-]{20,800})\""),
          exact=("\"d\"", "\"k\""), near="\"kty\""),
    Shape("private_key", "XML", ("keyvalue>",), re.compile(r"<[DX]>(?P<word>[A-Za-z0-9+/=\s]{20,800})</[DX]>"),
          exact=("<D>", "<X>"), near="KeyValue>"),
    Shape("private_key", "age", ("age-secret-key-1",), re.compile(r"AGE-SECRET-KEY-1[A-Z0-9]{58}")),
    Shape("private_key", "WireGuard", ("privatekey", "presharedkey"), re.compile(r"(?:PrivateKey|PresharedKey)\s{0,3}=\s{0,3}(?P<word>[A-Za-z0-9+/]{43}=)")),
    Shape("connection", "net use", ("/user:",), re2.compile(r"(?i:net use)[ ][^\n]*?[ ](?P<word>[^\s/*\\][^\s]{5,60})[ ]+/(?i:user):"), chosen=True),
    Shape("connection", "SecureString", ("convertto-securestring",),
          re2.compile(r"(?i:convertto-securestring)[ ]+(?:(?i:-string)[ ]+)?[\"'](?P<word>[^\"'$\s][^\"'\s]{5,99})[\"']")),
    Shape("connection", "schtasks", ("/rp ",), re2.compile(r"(?i:/rp)[ ]+\"?(?P<word>[^\s\"]{6,100})"), chosen=True),
    Shape("connection", "SQL", ("identified ", "password '"),
          re2.compile(r"(?i:identified (?:with [a-z0-9_']+ )?by|password)[ ]+'(?P<word>[^'\s]{6,100})'"), chosen=True),
    Shape("connection", "PHP", ("mysqli", "mysql_connect", "new pdo", "oci_connect"),
          re2.compile(r"(?i:mysqli?_connect|new mysqli|new pdo|oci_connect)\s?\(\s*[\"'][^\"']{1,100}[\"']\s*,\s*[\"'][^\"']{1,60}[\"']\s*,\s*[\"'](?P<word>[^\"'$\s][^\"'\s]{5,99})[\"']")),
    Shape("token", "Wi-Fi", ("keymaterial>",), re2.compile(r"<keyMaterial>(?P<word>[^<\s]{8,64})</keyMaterial>")),
    Shape("token", "IPsec", (" psk ",), re2.compile(r":[ ]*PSK[ ]+[\"'](?P<word>[^\"'\s]{8,120})[\"']"), chosen=True),
    Shape("token", "hash", ("encrypted-password",), re2.compile(r"encrypted-password[ ]+[\"']?\$[0-9a-z]{1,2}\$[!-~]{16,160}")),
    Shape("token", "Basic", ("basic ",), re2.compile(r"(?i:authorization)[\"']?[ :=]+[\"']?(?i:basic)[ ]+(?P<word>[A-Za-z0-9+/]{12,200}={0,2})"), chosen=True),
    Shape("token", "URL", ("apikey=", "api_key=", "api-key=", "access_token=", "client_secret="),
          re2.compile(r"[?&](?i:api[_-]?key|access_token|client_secret)=(?P<word>[A-Za-z0-9_.~%\-]{20,300})"), chosen=True),
    Shape("connection", "account of a call", ("credential", "auth(", "auth=(", "authentication(", "authenticate(", "login(", "logon("),
          re2.compile(r"(?i:[\w.]*credentials?|[\w.]*basic_?auth|auth|[\w.]*(?:password)?authentication|[\w.]*authenticate|[\w.]*log[io]n)\s?=?\s?\(\s*(?:[\w.]+\s*[=:]\s*)?[\"'][^\"'\n]{1,80}[\"']\s*,\s*(?:[\w.]+\s*[=:]\s*)?[\"'](?P<word>[^\"'$\s][^\"'\s]{5,99})[\"']"), chosen=True),
    Shape("token", "header", ("authorization", "proxy-auth", "x-api", "x-auth", "x-token", "x-access", "cookie\"", "api-key\""),
          re2.compile(r"\"(?:name|key|header)\"\s*:\s*\"(?i:(?:proxy-)?authorization|(?:x-)?[\w\-]*(?:api-?key|token|auth|secret)|(?:set-)?cookie)\"\s*,\s*\"value\"\s*:\s*\"(?:(?i:basic|bearer|token|digest) +)?(?P<word>[^\"{}\s]{12,})\""), chosen=True),
    Shape("token", "Bearer", ("bearer ",), re2.compile(r"(?:^|[\"'\s:=])(?i:bearer)[ ]+(?P<word>[A-Za-z0-9._~+/\-]{24,}=*)"), chosen=True),
    Shape("connection", "sasl_passwd", ("]:", ":587", ":465", ":2525"),
          re2.compile(r"(?m)^[ \t>]*\[?[\w.\-]+\]?:[0-9]{2,5}[ \t\x1f]+[^\s:]{1,64}:(?P<word>[^\s:]{6,100})[ \r]*$"), chosen=True),
    Shape("connection", "Oracle client", ("sqlplus", "expdp", "impdp", "sqlldr", "rman ", "dgmgrl"),
          re2.compile(r"(?i:sqlplus|expdp|impdp|sqlldr|rman|dgmgrl)[ ][^\n@]*?[\"']?[\w$#]{1,30}/[\"']?(?P<word>[^\s@/\"']{5,60})[\"']?@[\w.]")),
    Shape("connection", "client", ("sqlcmd", "isql", "osql", "bcp ", "mongo", "redis-cli", "ldapsearch", "ldapmodify", "ldapadd", "docker login", "podman login", "registry login", "az login",
           "svn ", "wget ", "lftp ", "smbclient", "htpasswd", "xfreerdp", "beeline", "mosquitto_", "ipmitool", "cqlsh", "influx ", "wbadmin", "keytool", "chpasswd", "rabbitmqctl"),
          re2.compile(r"(?i:sqlcmd|[io]sql|bcp|mongo(?:sh|dump|restore|export|import)?|redis-cli|ldap(?:search|modify|add)|(?:docker|podman|registry|az) login|svn|wget|lftp|smbclient|htpasswd|xfreerdp|beeline|mosquitto_\w+|ipmitool|cqlsh|influx|wbadmin|keytool)[ ][^\n]*?[ ](?:-P|-p|-a|-w|-b [^\s]+ [^\s]+|--password|--pass(?:word)?|-password|-storepass|-pw|/p:)[ =:]?[\"']?(?P<word>[^\s\"'$<>{}|-][^\s\"'<>{}|]{5,80})"), chosen=True),
    Shape("connection", "user%password", ("smbclient", "rpcclient", "winexe", "chpasswd", "rabbitmqctl"),
          re2.compile(r"(?i:(?:smbclient|rpcclient|winexe)[ ][^\n]*?-U[ ]?[\"']?[^\s%\"']{1,60}%|echo[ ]+[\"']?[\w.\-]{1,40}:|rabbitmqctl[ ]+(?:add_user|change_password)[ ]+[\w.\-]{1,40}[ ]+)[\"']?(?P<word>[^\s\"'$<>|]{6,80})"), chosen=True),
    Shape("token", "named value", ("\"key\"",),
          re2.compile(r"\"key\"\s*:\s*\"[A-Za-z0-9_.\-]*(?i:secret|token|passw|api_?key)[A-Za-z0-9_.\-]*\"\s*,\s*\"value\"\s*:\s*\"(?P<word>[^\"{}\s]{8,600})\""), chosen=True),
    Shape("connection", "directive", ("password ", "passwd ", "bindpw", "requirepass", "masterauth", "pre-shared-key", "rootpw"),
          re2.compile(r"(?m)^[ \t>]{0,12}(?:[A-Za-z0-9_:./\-]+[ \t]+){0,6}?[a-z_\-]*(?:password|passwd|bindpw|requirepass|masterauth|pre-shared-key|rootpw)[ \t]+[\"']?(?P<word>[^\s\"']{8,120})[\"']?;?[ \r]*$"), chosen=True),
    Shape("connection", "account of a host", ("host", "server", "endpoint", "socket"),
          re2.compile(rf"(?m)^{_KEY}(?i:host|hostname|server|endpoint|socket){_VALUE}{_LINES}{{0,4}}?{_KEY}(?i:user|username|login|uid){_VALUE}"
                      rf"{_LINES}{{0,2}}?{_KEY}(?i:password|passwd|pwd|pass){_GIVEN}"), chosen=True),
    Shape("connection", "account of a service", ("username:", "user:", "login:"),
          re2.compile(rf"(?m)^[ ]*[a-z][\w.\-]*:[ ]*\r?\n(?:[ ]+[a-z][\w.\-]*:[^\n]*\n){{0,5}}?[ ]+(?:username|user|login){_VALUE}"
                      rf"(?:[ ]+[a-z][\w.\-]*:[^\n]*\n){{0,3}}?[ ]+(?:password|passwd|pass){_GIVEN}"), chosen=True),
    Shape("token", "Jenkins", ("{aqaa",), re.compile(r"\{AQAA[A-Za-z0-9+/]{30,600}={0,2}\}")),
    Shape("token", "SNMP", ("community",),
          re2.compile(r"(?m)^[ \t>]*(?:r[wo]community6?|(?i:snmp-server community))[ \t]+[\"']?(?P<word>[^\s\"']{6,64})"), chosen=True),
    Shape("token", "recovery phrase", ("phrase", "mnemonic", "seed words", "フレーズ"),
          re2.compile(r"(?i:(?:recovery|seed|backup|secret) (?:phrase|words)|mnemonic|(?:リカバリー|シード|復元|秘密の)フレーズ)[^\n:]{0,30}[:\n]\s*(?:[a-z]{3,8}[ ,]+){11,23}[a-z]{3,8}")),
    Shape("token", "backup codes", ("backup codes", "recovery codes", "コード"),
          re2.compile(r"(?i:(?:backup|recovery) codes|(?:バックアップ|リカバリー|復旧)コード)[^\n]{0,60}\n(?:[^\n]{0,60}\n){0,2}?(?:\s*(?:[0-9]{1,2}[.)]|[-*・])?\s*(?:[0-9]{4}[ \-]?[0-9]{4}|[a-z0-9]{4,5}-[a-z0-9]{4,5})\b){4,}")),
    Shape("token", "SNMPv3", (" auth sha", " auth md5", " auth-password", " priv aes", " priv des"),
          re2.compile(r"(?i:(?:auth|priv) (?:sha|md5|aes|des|3des)[0-9-]*(?: [0-9]{2,3})?)[ ]+[\"']?(?P<word>[!-~]{8,64})"), chosen=True),
    Shape("token", "network device", ("isakmp key", "server key", " myname ", "pre-shared-key", "key-string", "chap ", "pap ", "wpa-psk", "wpa-passphrase", "radius", "tacacs"),
          re2.compile(r"(?i:crypto isakmp key|(?:tacacs|radius)(?:-server)?[^\n]*? key|pp auth (?:myname|username) [!-~]+|pre-shared-key [0-9]+ text|key-string|ppp (?:chap|pap) (?:password|sent-username [!-~]+ password)|wpa-psk ascii|wpa-passphrase)"
                      r"[ ]+(?:[0-7][ ]+)?[\"']?(?P<word>[!-~]{8,120})"), chosen=True),
    Shape("token", "recovery key", ("回復", "復旧", "復元", "リカバリ", "recovery key", "recovery password", "bitlocker", "filevault", "wiederherstellung", "récupération"),
          re.compile(r"(?i:(?:回復|復旧|復元|リカバリー?) ?(?:キー|パスワード|コード)|recovery (?:key|password)|bitlocker|filevault|wiederherstellungsschlüssel|clé de récupération)[^\n]{0,80}(?:\n[^\n]{0,80}){0,4}?"
                     r"(?<![0-9A-Z-])(?:(?:[0-9]{6}-){7}[0-9]{6}|(?:[A-Z0-9]{4}-){5}[A-Z0-9]{4})(?![0-9A-Z-])")),
    Shape("token", "one-time passwords", ("otpauth://",), re.compile(r"otpauth://[a-z]{3,5}/[^\s]{0,300}?secret=(?P<word>[A-Za-z2-7]{16,128})")),
    Shape("token", "Wi-Fi", ("暗号化キー", "ネットワークキー", "セキュリティキー", "セキュリティーキー", "wpa", "network key", "network security key"),
          re.compile(r"(?i:(?:暗号化|ネットワーク|ネットワークセキュリティ|セキュリティー?|WPA[23]?|PSK)(?:共有)?キー|wpa[23]?(?:-psk)? ?(?:key|passphrase|password)|network (?:security )?key)[ ]{0,3}(?:は|is|[:=\x1f])[ \x1f]{0,3}[\"'「]?(?P<word>[!-~]{8,63})"), word=2),
)  # fmt: skip
_PARAMETER = re.compile(r"[\w-]{1,30}=$")
_OF_MANUALS = ".eyJzdWIiOiIxMjM0NTY3ODkwIi"
"""{"sub":"1234567890": whom the tokens of manuals are given to."""
FIRSTS: dict[str, tuple[str, ...]] = {
    "export": exports.FIRSTS,
    "secret": tuple(dict.fromkeys(first for shape in SHAPES for first in shape.firsts)),
    "password": accounts.FIRSTS,
}
"""Literals (folded, lower case) without which there is no credential of these."""
WAKES = {"issued": issuers.WAKES, "assigned": assignments.WAKES}
"""RE2 for a folded text in lower case: what has to match for these."""


def credentials(text: Text, present: frozenset[str]) -> tuple[Secret, ...]:
    """The credentials in a text, by offset in its folded form; `present`: what the detector saw of FIRSTS and WAKES."""
    cells, flat = text.cells, text.flat
    found: list[Secret] = []
    if "secret" in present:
        for shape in SHAPES:
            if any([first in flat for first in shape.firsts]) and (  # noqa: C419 (twice as fast)
                not shape.exact or any([first in cells for first in shape.exact])  # noqa: C419
            ):
                found += _shaped(shape, cells)
    if "issued" in present:
        found += [Secret("token", f"{of}: {_masked(key)}", at) for of, at, key in issued(cells, flat)]
    if "assigned" in present:
        given = assigned(cells, file=text.role == "content")
        found += [Secret("token", f"{name[-40:]}: {_masked(key)}", at) for name, at, key in given]
    if "export" in present:
        found += [Secret("connection", "****", at) for at in exports.exported(cells)]
    if "password" in present:
        told = accounts.passwords(cells, file=text.role == "content")
        found += [Secret("password", f"{label} ****" if label != "****" else label, at) for label, at in told]
    found.sort(key=lambda s: s.offset)
    return tuple(found[:MOST])


def _shaped(shape: Shape, cells: str) -> Iterator[Secret]:
    for match in islice(shape.pattern.finditer(cells), TRIED):
        word = match.groupdict().get("word")
        if shape.near and cells.find(shape.near, max(0, match.start() - AROUND), match.end() + AROUND) < 0:
            continue
        if word is None:
            front = cells[max(0, match.start() - GUESTS) : match.start()]
            in_link = shape.label == "JWT" and is_linked(_PARAMETER.sub("", front))
            if digest(match[0]) not in EXAMPLES and _OF_MANUALS not in match[0] and not in_link:
                yield Secret(shape.kind, f"{shape.label}: {_masked(match[0])}", match.start())
        elif (
            not PLACEHOLDER.match(word)
            and is_real(word)
            and (not shape.chosen or is_chosen(word) or is_random(word))
            and (not shape.word or (kinds(word) >= shape.word and not _lets_guests_in(cells, match)))
        ):
            yield Secret(shape.kind, f"{shape.label}: {_masked(word)}", match.start())


def _lets_guests_in(cells: str, match: "re.Match[str] | re2._Match[str]") -> bool:
    around = cells[max(0, match.start() - GUESTS) : match.end() + GUESTS]
    return _GUESTS.search(around) is not None


def _masked(word: str) -> str:
    """The last four characters of a long secret; nothing of a short one."""
    return "****" + word[-4:] if len(word) >= 20 and word[-1] != "-" else "****"
