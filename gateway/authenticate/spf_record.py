"""The grammar of SPF records (RFC 7208 §4.6, §5, §6, §7.1, §12): a record as terms, or an error of its author.

record = parse("v=spf1 a:mail.example.jp/28 include:_spf.example -all")
record.terms[0]      Term("pass", "a", "mail.example.jp", 28, None)

A record is judged as a whole before any of it is used, also the terms that would never be reached.

Diagnostics: ValueError (the record's author is wrong: "permerror").
"""

import ipaddress
import re

import msgspec

LONGEST_TERM = 512
"""Characters; a name has 253, and the expressions below are not linear in a term's length."""
MOST_TERMS = 200

_LITERAL = r"[!-$&-~]"
_EXPAND = r"%(?:\{[slodiphv][0-9]{0,3}r?[-.+,/_=]*\}|[%_-])"
_TOPLABEL = r"(?:[0-9]*[a-z][a-z0-9]*|[a-z0-9]+-[a-z0-9-]*[a-z0-9])"
_STRING = rf"(?:{_LITERAL}|{_EXPAND})*"
_SPEC = rf"(?:{_STRING}(?:\.{_TOPLABEL}\.?|{_EXPAND}))"
_FOUR, _SIX = r"(?:/(0|[1-9][0-9]?))?", r"(?://(0|[1-9][0-9]{0,2}))?"

_FORMS = [
    re.compile(rf"([-+~?]?)(?:{form})", re.IGNORECASE)
    for form in (
        rf"(a|mx)(?::({_SPEC}))?{_FOUR}{_SIX}",
        rf"(include|exists):({_SPEC})",
        rf"(ptr)(?::({_SPEC}))?",
        r"(all)",
        r"(ip4):([0-9.]+(?:/(?:0|[1-9][0-9]?))?)",
        r"(ip6):([0-9a-f:.]+(?:/(?:0|[1-9][0-9]{0,2}))?)",
    )
]
_MODIFIER = re.compile(rf"([a-z][a-z0-9._-]*)=({_STRING})", re.IGNORECASE)
_DOMAIN = re.compile(_SPEC, re.IGNORECASE)
_RESULTS = {"": "pass", "+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}

MACRO = re.compile(r"%(?:\{([a-z])([0-9]*)(r?)([-.+,/_=]*)\}|([%_-]))", re.IGNORECASE)
"""A macro in a string that has been read: letter, labels to keep, "r", delimiters; or the escaped character."""


class Term(msgspec.Struct, frozen=True):
    """A directive: the result when it matches, the mechanism, its domain-spec or network ("" = none), its prefixes."""

    result: str
    mechanism: str
    argument: str = ""
    four: int | None = None
    six: int | None = None


class SpfRecord(msgspec.Struct, frozen=True):
    """The directives in order, and the domain-spec of redirect= ("" = none); exp= is checked and not used."""

    terms: tuple[Term, ...]
    redirect: str = ""


def is_record(text: str) -> bool:
    """True for a TXT record that is one of SPF (§4.5)."""
    return text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")


def parse(text: str) -> SpfRecord:
    words = [word for word in text.split(" ")[1:] if word]
    if len(words) > MOST_TERMS or any(len(word) > LONGEST_TERM for word in words):
        raise ValueError("too long")
    terms: list[Term] = []
    modifiers: dict[str, str] = {}
    for word in words:
        if term := _directive(word):
            terms.append(term)
            continue
        modifier = _MODIFIER.fullmatch(word)
        if not modifier:
            raise ValueError("a malformed term")
        name = modifier[1].lower()
        if name in ("redirect", "exp"):
            if name in modifiers or not _DOMAIN.fullmatch(modifier[2]):
                raise ValueError(f"{name}= is wrong or repeated")
            modifiers[name] = modifier[2]
        _count_labels(modifier[2])
    return SpfRecord(tuple(terms), modifiers.get("redirect", ""))


def _directive(word: str) -> Term | None:
    for form in _FORMS:
        if match := form.fullmatch(word):
            mechanism = match[2].lower()
            argument, four, six = (*match.groups()[2:], None, None, None)[:3]
            if mechanism in ("ip4", "ip6"):
                network = ipaddress.ip_network(argument or "", strict=False)
                if network.version != (4 if mechanism == "ip4" else 6):
                    raise ValueError("an address of the other kind")
            else:
                _count_labels(argument or "")
            term = Term(
                _RESULTS[match[1]],
                mechanism,
                argument or "",
                None if four is None else int(four),
                None if six is None else int(six),
            )
            if (term.four or 0) > 32 or (term.six or 0) > 128:
                raise ValueError("a prefix that is too long")
            return term
    return None


def _count_labels(text: str) -> None:
    """No macro keeps the last 0 labels (§7.3)."""
    if any(macro[2] and not int(macro[2]) for macro in MACRO.finditer(text)):
        raise ValueError("a macro keeps no label")
