"""The commands of SMTP as text: what a line may contain, and what the arguments of MAIL, RCPT, EHLO and BDAT say.

Pure: text in, values out. A wrong argument is a Reply, never an exception.

Sources: RFC 5321 §4.1, RFC 1870 (SIZE), RFC 6152 (8BITMIME), RFC 6531 (SMTPUTF8), RFC 3461 (DSN),
RFC 4954 (AUTH), RFC 3030 (BDAT), RFC 4865 (FUTURERELEASE).
"""

import re
from datetime import datetime

import msgspec

from mail.address import AddressError, path
from mail.envelope import Envelope, ForwardPath
from mail.reply import Reply

LINE = 512
LINES = {"MAIL": 2048, "RCPT": 2048, "AUTH": 12288}
"""Longest command lines in octets with their CRLF: RFC 5321 §4.5.3.1.4, more where extensions add parameters,
and RFC 4954 §4 for AUTH."""

_CONTROL = re.compile(rb"[\x00-\x1f\x7f]")
_VERB = re.compile(rb"[A-Za-z]{3,12}")
_HTTP = re.compile(rb"(?i:GET|POST|HEAD|PUT|DELETE|OPTIONS|CONNECT|TRACE|PATCH|PRI) |[A-Za-z][A-Za-z0-9-]*:")
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}|\[[A-Za-z0-9:._-]{1,64}\]")
_PARAMETER = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]*)(?:=([^\x00-\x20=\x7f]+))?")
_XTEXT = re.compile(r"(?:[!-*,-<>-~]|\+[0-9A-F]{2})+")
_UTF8_XTEXT = re.compile(r"(?:[!-*,-<>-~\u0080-\U0010ffff]|\+[0-9A-F]{2})+")
_SECONDS = re.compile(r"[0-9]{1,9}", re.ASCII)
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})",
    re.IGNORECASE,
)
"""RFC 3339 §5.6: date-time (RFC 4865, erratum 2040)."""
_POSTMASTER = re.compile(r"(TO: *<)(postmaster)(>.*)", re.IGNORECASE)
_CHUNK = re.compile(r"([0-9]{1,18})( +LAST)?", re.IGNORECASE)

SYNTAX = Reply(501, "Syntax error in parameters or arguments", 5, 4)
UNKNOWN_PARAMETER = Reply(555, "Parameter not recognised or not implemented", 5, 4)
TWICE = Reply(501, "A parameter was given twice", 5, 4)
HELD_TOO_LONG = Reply(501, "Mail is not held for that long", 5, 4)
HELD_TWICE = Reply(501, "HOLDFOR and HOLDUNTIL exclude each other", 5, 4)
NEEDS_SMTPUTF8 = Reply(553, "The address needs SMTPUTF8", 6, 7)
BAD_SENDER = Reply(553, "The reverse-path is not an address", 1, 7)
BAD_RECIPIENT = Reply(553, "The forward-path is not an address", 1, 3)
BARE = Reply(500, "Lines end with CR LF and contain no control characters", 5, 2)
TOO_LONG = Reply(500, "Line too long", 5, 2)
UNKNOWN = Reply(500, "Command not recognised", 5, 1)


class Command(msgspec.Struct, frozen=True):
    """One command line: the verb in upper case, and what follows it without the blanks around it."""

    verb: str
    argument: str


class Offer(msgspec.Struct, frozen=True):
    """Which extensions the EHLO reply of this listener announces."""

    smtputf8: bool = True
    dsn: bool = True
    extended: bool = True
    """False after HELO: no parameters at all."""
    future: int = 0
    """Seconds for which mail is held if a client asks for it (RFC 4865); 0: the extension is not offered."""
    postmaster: str = ""
    """The domain whose postmaster <Postmaster> is, without one nobody (RFC 5321 §4.5.1)."""


class MailCommand(msgspec.Struct, frozen=True):
    """What MAIL said: an envelope without forward-paths, and the declared size (0: none)."""

    envelope: Envelope
    size: int = 0


class Chunk(msgspec.Struct, frozen=True):
    """What BDAT said: so many octets follow, and whether they are the last."""

    size: int
    last: bool


def speaks_http(line: bytes) -> bool:
    """True for a request line or a header field: somebody made a browser talk to us."""
    return _HTTP.match(line) is not None


def command(line: bytes) -> Command | Reply:
    """Read one line, CRLF included."""
    if not line.endswith(b"\r\n") or _CONTROL.search(line, 0, len(line) - 2):
        return BARE
    verb, _, rest = line[:-2].partition(b" ")
    if not _VERB.fullmatch(verb):
        return UNKNOWN
    name = verb.decode("ascii").upper()
    if len(line) > LINES.get(name, LINE):
        return TOO_LONG
    try:
        argument = rest.strip(b" ").decode("utf-8")
    except UnicodeDecodeError:
        return NEEDS_SMTPUTF8
    if name not in ("MAIL", "RCPT") and not argument.isascii():
        return SYNTAX
    return Command(name, argument)


def is_name(argument: str) -> bool:
    """True for what may follow EHLO or HELO: a domain name, or an address literal (RFC 5321 §4.1.1.1).

    More generous than the grammar in one thing, the underscore that many computers have in their names.
    """
    return _NAME.fullmatch(argument) is not None


def chunk(argument: str) -> Chunk | None:
    """The argument of BDAT, None when it is none."""
    match = _CHUNK.fullmatch(argument)
    return Chunk(int(match[1]), match[2] is not None) if match else None


def mail(argument: str, offer: Offer) -> MailCommand | Reply:
    """Read `FROM:<reverse-path> [parameters]`."""
    split = _split(argument, "FROM:", offer, BAD_SENDER)
    if isinstance(split, Reply):
        return split
    address, parameters = split
    size, ret, envid, body, smtputf8, hold_for, hold_until = 0, "", "", "", False, 0, 0.0
    for name, value in parameters.items():
        if name == "SIZE" and value.isascii() and value.isdigit() and len(value) <= 20:
            size = int(value)
        elif name == "BODY" and value.upper() in ("7BIT", "8BITMIME"):
            body = value.upper()
        elif name == "SMTPUTF8" and offer.smtputf8:
            if value:
                return SYNTAX
            smtputf8 = True
        elif name == "RET" and offer.dsn and value.upper() in ("FULL", "HDRS"):
            ret = value.upper()
        elif name == "ENVID" and offer.dsn and len(value) <= 100 and _XTEXT.fullmatch(value):
            envid = value
        elif name == "HOLDFOR" and offer.future and _SECONDS.fullmatch(value):
            hold_for = int(value)
        elif name == "HOLDUNTIL" and offer.future and (moment := _moment(value)) is not None:
            hold_until = moment
        elif name == "AUTH" and (value == "<>" or _XTEXT.fullmatch(value)):
            pass  # RFC 4954 §5: what a client says about others' logins is not our evidence
        elif (
            name in ("SIZE", "AUTH")
            or (name in ("RET", "ENVID") and offer.dsn)
            or (name in ("HOLDFOR", "HOLDUNTIL") and offer.future)
        ):
            return SYNTAX
        else:
            return UNKNOWN_PARAMETER
    if not smtputf8 and not argument.isascii():
        return NEEDS_SMTPUTF8
    if {"HOLDFOR", "HOLDUNTIL"} <= parameters.keys():
        return HELD_TWICE
    if hold_for > offer.future:
        return HELD_TOO_LONG
    return MailCommand(Envelope(address, (), ret, envid, body, smtputf8, hold_for, hold_until), size)


def _moment(text: str) -> float | None:
    """UTC seconds of a date and time, None when it is none."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text.upper()).timestamp()
    except (ValueError, OverflowError):  # 30 February, or a leap second
        return None


def rcpt(argument: str, offer: Offer, smtputf8: bool) -> ForwardPath | Reply:
    """Read `TO:<forward-path> [parameters]`; `smtputf8` is what MAIL asked for."""
    if offer.postmaster and (match := _POSTMASTER.fullmatch(argument)):
        argument = f"{match[1]}{match[2]}@{offer.postmaster}{match[3]}"
    split = _split(argument, "TO:", offer, BAD_RECIPIENT)
    if isinstance(split, Reply):
        return split
    address, parameters = split
    if not address:
        return BAD_RECIPIENT
    if not smtputf8 and not argument.isascii():
        return NEEDS_SMTPUTF8
    notify: tuple[str, ...] = ()
    orcpt = ""
    for name, value in parameters.items():
        if not offer.dsn or name not in ("NOTIFY", "ORCPT"):
            return UNKNOWN_PARAMETER
        if name == "NOTIFY":
            notify = tuple(value.upper().split(","))
            if len(set(notify)) != len(notify) or (
                notify != ("NEVER",) and not set(notify) <= {"SUCCESS", "FAILURE", "DELAY"}
            ):
                return SYNTAX
        else:
            kind, _, original = value.partition(";")
            text = _UTF8_XTEXT if smtputf8 and kind.upper() == "UTF-8" else _XTEXT
            if len(value) > 500 or not re.fullmatch(r"[A-Za-z0-9-]+", kind) or not text.fullmatch(original):
                return SYNTAX
            orcpt = value
    return ForwardPath(address, notify, orcpt)


def _split(argument: str, keyword: str, offer: Offer, bad: Reply) -> tuple[str, dict[str, str]] | Reply:
    """The address and the parameters by their names in upper case."""
    if argument[: len(keyword)].upper() != keyword:
        return SYNTAX
    try:
        address, rest = path(argument[len(keyword) :], smtputf8=offer.smtputf8, lenient_dots=True)
    except AddressError as error:
        return msgspec.structs.replace(bad, reason=str(error))
    parameters: dict[str, str] = {}
    for word in filter(None, rest.split(" ")):
        match = _PARAMETER.fullmatch(word)
        if not match:
            return SYNTAX
        name = match[1].upper()
        if name in parameters:
            return TWICE
        parameters[name] = match[2] or ""
    if parameters and not offer.extended:
        return UNKNOWN_PARAMETER
    return address, parameters
