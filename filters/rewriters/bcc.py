"""OUT-BCC: the header names only the sender; everybody else is in the envelope only. An answer goes where it would have.

Diagnostics: RewriteError (a hold) when a recipient's address stands where it cannot be removed, such as the
subject or the author's name: no copy leaves that shows one recipient to another.
"""

import re
from collections.abc import Iterable, Sequence

from config.policy import Policy
from filters.finding import Finding
from filters.rewrite import Reach, rewriter
from filters.rule import Mail
from mail.address import header_addresses
from mail.compose import Edit, RewriteError, applied
from mail.message import Header, Message

ADDRESSEES = frozenset({"to", "cc", "bcc", "resent-to", "resent-cc", "resent-bcc", "apparently-to"})
KEPT = frozenset(
    {"from", "subject", "date", "message-id", "in-reply-to", "references", "mime-version", "content-type"}
)
"""Fields that a mail needs; if one names a recipient, a person has to look."""

_AROUND = re.compile(r"(?<!\s)\s++(?=[@.])|(?<=[@.])\s++")
"""Blanks around the separators of an address's parts."""


REACH = Reach("outbound", removes=("*",), kept=KEPT, adds=("to",))


@rewriter("bcc", reach=REACH)
def bcc(mail: Mail, policy: Policy, findings: Sequence[Finding], recipients: tuple[int, ...]) -> list[Edit]:
    """To names only the author; Cc and every field that repeats a recipient's address are removed (OUT-BCC)."""
    own = author_of(mail)
    return hidden_but(mail, policy, own, b"<" + own.encode() + b">")


def hidden_but(mail: Mail, policy: Policy, own: str, to: bytes) -> list[Edit]:
    """Edits after which no field shows a recipient, but for `to`, the value of To. `own` is the author's address."""
    return [
        Edit(edit.start, edit.end, b"To: " + to + b"\r\n") if edit.new else edit
        for edit in mail.once(
            _hidden, mail.message, mail.facts.envelope.recipients, own, answered(mail, policy)
        )
    ]


def answered(mail: Mail, policy: Policy) -> frozenset[str]:
    """Where the author wants answers, if that is with us alone: a colleague's or an office's address, which may be seen."""
    found = [
        m.address.casefold() for field in mail.message.all("reply-to") for m in header_addresses(field.value)
    ]
    ours = all(policy.organisation.internal(address) for address in found)
    return frozenset(found) if ours else frozenset()


def _hidden(
    message: Message, recipients: tuple[str, ...], own: str, shown: frozenset[str]
) -> tuple[Edit, ...]:
    """The edits; the only one that writes anything is that of To, which names the author."""
    hidden = hidden_addresses(message, recipients, own) - shown
    edits: list[Edit] = []
    addressed = False
    for header in message.headers:
        if header.name == "to" and not addressed:
            addressed = True
            edits.append(Edit(*header.span, b"To: <" + own.encode() + b">\r\n"))
        elif header.name in ADDRESSEES:
            edits.append(Edit(*header.span, b""))
        elif names_one(header, hidden):
            if header.name in KEPT:
                raise RewriteError(f"a recipient's address stands in the field {header.name}")
            edits.append(Edit(*header.span, b""))
    if not addressed:
        if not message.headers:
            raise RewriteError("the mail has no header")
        at = message.headers[0].span[0]
        edits.append(Edit(at, at, b"To: <" + own.encode() + b">\r\n"))
    _verify(message, edits, hidden)
    return tuple(edits)


def author_of(mail: Mail) -> str:
    """The author's own address: that of From, or of the person who submits. Raises RewriteError if there is none."""
    header = mail.message.first("from")
    found = [m.address for m in header_addresses(header.value)] if header else []
    if mail.facts.sender:
        found += mail.facts.sender.addresses
    for address in [*found, mail.facts.envelope.reverse_path]:
        if "@" in address and not re.search(r"[\x00-\x20<>,;]", address):
            return address
    raise RewriteError("the mail has no author whose address could stand in To")


def hidden_addresses(message: Message, recipients: Iterable[str], own: str) -> frozenset[str]:
    """Addresses that must not be seen: those of envelope and header recipients, except the author's own."""
    addresses = {a.casefold() for a in recipients}
    for header in message.headers:
        if header.name in ADDRESSEES:
            addresses |= {m.address.casefold() for m in header_addresses(header.value) if "@" in m.address}
    return frozenset(addresses - {own.casefold()})


def names_one(header: Header, hidden: Iterable[str]) -> bool:
    """True when a field shows one of the addresses: raw, decoded, folded, quoted, or spelt for a URL or VERP."""
    texts = {header.text, header.value.decode("latin-1"), header.value.decode("utf-8", "replace")}
    return any(_shows(text, hidden) for text in texts)


def _shows(text: str, hidden: Iterable[str]) -> bool:
    text = _AROUND.sub("", text.casefold().replace('"', "").replace("%40", "@"))
    if "@" not in text and "=" not in text:
        return False
    for address in hidden:
        local, _, domain = address.replace('"', "").rpartition("@")
        for form, joined in ((f"{local}@{domain}", "._+-"), (f"{local}={domain}", "")):
            if form in text and re.search(
                rf"(?<![a-z0-9{joined}]){re.escape(form)}(?![a-z0-9-]|\.[a-z0-9])", text
            ):
                return True
    return False


def _verify(message: Message, edits: list[Edit], hidden: frozenset[str]) -> None:
    """The rest of the header, including lines that are not fields, shows none of the addresses."""
    before = [e for e in edits if e.end <= message.header_end]
    left = applied(bytes(message.view[: message.header_end]), before)
    rest = Message(left)
    kept = any(names_one(h, hidden) for h in rest.headers)
    if kept or _shows(re.sub(r"\r?\n", " ", left.decode("latin-1")), hidden):
        raise RewriteError("a recipient's address would stay in the header")
