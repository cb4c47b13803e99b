"""Credentials in texts (OUT-SECRET): keys, tokens, connection strings, accounts with passwords.

Tokens are recognised by the prefixes that their issuers chose for this very purpose. All patterns are
bounded, so no text makes them slow.
"""

import re
from collections.abc import Iterator

import msgspec

MOST = 50
"""Most credentials counted in one text; more would add nothing."""


class Secret(msgspec.Struct, frozen=True):
    """A credential: its kind (private_key, token, connection, password), masked words for people, and its offset."""

    kind: str
    quote: str
    offset: int


class Shape(msgspec.Struct, frozen=True):
    """One form of a credential. `firsts`: lower-case literals, one of which occurs in every match; `exact`: those of
    one whose pattern minds the case, as they are written.

    A pattern begins with letters and looks behind afterwards: Python finds its beginnings ten times as fast then.
    """

    kind: str
    label: str
    firsts: tuple[str, ...]
    pattern: re.Pattern[str]
    exact: tuple[str, ...] = ()


_END = r"(?![A-Za-z0-9])"
_FRESH = r"(?<![A-Za-z0-9])"

SHAPES: tuple[Shape, ...] = (
    Shape("private_key", "PEM", ("private key",),
          re.compile(r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,2}PRIVATE KEY(?: BLOCK)?-----")),
    Shape("private_key", "PuTTY", ("putty-user-key",), re.compile(r"PuTTY-User-Key-File-[123]:")),
    Shape("token", "AWS", ("akia", "asia"), re.compile(_FRESH + r"A(?:K|S)IA[A-Z2-7]{16}" + _END)),
    Shape("token", "AWS", ("secret_access_key", "secretaccesskey"),
          re.compile(r"(?i:secret_?access_?key)[\"']?\s{0,3}[=:]\s{0,3}[\"']?[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])")),
    Shape("token", "Google", ("aiza", "ya29.", "gocspx-"),
          re.compile(_FRESH + r"(?:AIza[0-9A-Za-z_\-]{35}|ya29\.[0-9A-Za-z_\-]{20,300}|GOCSPX-[0-9A-Za-z_\-]{28})" + _END)),
    Shape("token", "Azure", ("accountkey=", "sharedaccesskey=", "8q~"),
          re.compile(r"(?:(?:Account|SharedAccess)Key=[A-Za-z0-9+/]{42,86}={1,2}|" + _FRESH
                     + r"[A-Za-z0-9_~.\-]{3}8Q~[A-Za-z0-9_~.\-]{31,34}(?![A-Za-z0-9_~.\-]))"),
          exact=("AccountKey=", "SharedAccessKey=", "8Q~")),
    Shape("token", "GitHub", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
          re.compile(_FRESH + r"(?:gh[pousr]_[A-Za-z0-9]{36,251}|github_pat_[A-Za-z0-9_]{60,100})" + _END)),
    Shape("token", "GitLab", ("glpat-",), re.compile(_FRESH + r"glpat-[A-Za-z0-9_\-]{20,60}" + _END)),
    Shape("token", "Slack", ("xox", "hooks.slack.com"),
          re.compile(_FRESH + r"(?:xox[abeoprs]-[0-9A-Za-z\-]{10,250}|hooks\.slack\.com/services/T[0-9A-Z]{8,12}/B[0-9A-Z]{8,12}/[0-9A-Za-z]{20,30})" + _END)),
    Shape("token", "Stripe", ("k_live_",), re.compile(_FRESH + r"[sr]k_live_[0-9A-Za-z]{16,120}" + _END)),
    Shape("token", "API", ("sk-", "sg.", "npm_", "pypi-", "hf_", "sq0csp-", "shpat_", "dop_v1_"),
          re.compile(r"[sSnphd](?<![A-Za-z0-9].)(?:(?<=s)(?:k-(?:proj-|ant-)?[A-Za-z0-9_\-]{32,200}|q0csp-[A-Za-z0-9_\-]{43}|hpat_[a-f0-9]{32})"
                     r"|(?<=S)G\.[A-Za-z0-9_\-]{22}\.[A-Za-z0-9_\-]{43}|(?<=n)pm_[A-Za-z0-9]{36}|(?<=p)ypi-AgE[A-Za-z0-9_\-]{50,300}"
                     r"|(?<=h)f_[A-Za-z]{34}|(?<=d)op_v1_[a-f0-9]{64})" + _END),
          exact=("sk-", "SG.", "npm_", "pypi-", "hf_", "sq0csp-", "shpat_", "dop_v1_")),
    Shape("token", "JWT", ("eyj",),
          re.compile(r"eyJ(?<![A-Za-z0-9]eyJ)[A-Za-z0-9_\-]{10,3000}\.eyJ[A-Za-z0-9_\-]{10,6000}\.[A-Za-z0-9_\-]{16,1500}"),
          exact=("eyJ",)),
    Shape("connection", "URL", ("://",),
          re.compile(r"(?<![a-z0-9])(?!https?:|ftp:)[a-z][a-z0-9+]{2,20}://[^\s:/@]{1,64}:(?P<word>[^\s@/]{3,100})@[\w.\-]{1,200}")),
    Shape("connection", "URL", ("://",),
          re.compile(r"(?<![a-z0-9])(?:https?|ftp)://[^\s:/@]{1,64}:(?P<word>[^\s@/]{3,100})@[\w.\-]{1,200}")),
    Shape("connection", "ODBC", ("pwd=", "password="),
          re.compile(r"(?i:server|data source|host|dsn|user id|uid)\s?=[^;\n]{1,200};[^\n]{0,300}?(?i:password|pwd)\s?=\s?(?P<word>[^;\s\"']{3,100})")),
    Shape("token", ".env", ("secret", "passw", "token", "api_key", "apikey", "private_key", "access_key"),
          re.compile(r"(?m)^[ >]{0,8}(?:export )?(?=[A-Z])[A-Z0-9_]{0,40}(?:SECRET|PASSWORD|PASSWD|TOKEN|API_?KEY|ACCESS_KEY)[A-Z0-9_]{0,20}"
                     r"[ ]?=[ ]?[\"']?(?P<word>[!-&(-~]{6,300})")),
)  # fmt: skip
_WORD = re.compile(
    r"[パ暗Pp](?:(?:(?<=パ)(?:スワード|スフレーズ)|(?<=暗)証番号)(?:[ ]?\([^)\n]{0,20}\))?"
    r"|(?<=[Pp])(?<![a-z].)(?:(?i:asswords?|asswd|assphrase|ass ?code|wd|w|ass)))"
    r"\s{0,3}(?:は[、,]?|[:=\x1f]|is)\s{0,3}[\"'「『]?(?P<word>[!-~]{4,64})"
)
_ACCOUNT = re.compile(
    r"(?<![a-z0-9])(?:(?i:user ?(?:name|id)?|login(?: ?(?:name|id))?|account(?: ?(?:name|id))?|id))\s{0,3}[:=\x1f]\s{0,3}[!-~]{2,100}"
    r"|(?:ユーザー?(?:名|ID|id)?|アカウント(?:名|ID)?|ログイン(?:名|ID|id)|会員(?:番号|ID))\s{0,3}(?:は[、,]?|[:=\x1f])\s{0,3}[「『\"']?[!-~]{2,100}"
)
_WORD_FIRSTS = (
    "パスワード",
    "暗証番号",
    "パスフレーズ",
    "passw",
    "passphrase",
    "passcode",
    "pass code",
    "pwd",
    "pw",
    "pass",
)
_NEAR = 200
_PLACEHOLDER = re.compile(
    r"(?i)^(?:[*x•.\-_#?]{3,}|<.*|\$.*|%.*%?|\{.*|\[.*|\(.*|your.{0,30}|password.?|passwd|pass|secret|token|changeme|example|none|null|true|false"
    r"|required|optional|https?:.*|\S{0,4}here|see|os\..*|process\..*|env\..*|config\..*|self\..*|request\..*|input.*|get.*|the|same|sent|will|not)$"
)

FIRSTS: dict[str, tuple[str, ...]] = {
    "secret": tuple(dict.fromkeys(first for shape in SHAPES for first in shape.firsts)),
    "password": _WORD_FIRSTS,
}
"""Literals (folded, lower case) without which there is no credential."""


def credentials(cells: str, flat: str, present: frozenset[str]) -> tuple[Secret, ...]:
    """The credentials in a text, by offset; `cells` is `flat` with its capitals."""
    found: list[Secret] = []
    if "secret" in present:
        for shape in SHAPES:
            if any([first in flat for first in shape.firsts]) and (  # noqa: C419 (twice as fast)
                not shape.exact or any([first in cells for first in shape.exact])  # noqa: C419
            ):
                found += _shaped(shape, cells)
    if "password" in present:
        found += _passwords(cells)
    found.sort(key=lambda s: s.offset)
    return tuple(found[:MOST])


def _shaped(shape: Shape, cells: str) -> Iterator[Secret]:
    for number, match in enumerate(shape.pattern.finditer(cells)):
        if number == MOST:
            return
        word = match.groupdict().get("word")
        if word is None or not _PLACEHOLDER.match(word):
            yield Secret(shape.kind, f"{shape.label}: {_masked(word or match[0])}", match.start())


def _passwords(cells: str) -> Iterator[Secret]:
    for number, match in enumerate(_WORD.finditer(cells)):
        if number == MOST:
            return
        if _PLACEHOLDER.match(match["word"].rstrip(".,;)\"'")):
            continue
        if _ACCOUNT.search(cells, max(0, match.start() - _NEAR), match.end() + _NEAR):
            yield Secret(
                "password", f"{match[0][: match.start('word') - match.start()].strip()} ****", match.start()
            )


def _masked(word: str) -> str:
    """The last four characters of a long secret; nothing of a short one."""
    return "****" + word[-4:] if len(word) >= 20 and word[-1] != "-" else "****"
