"""IN-WARN: the mark in the subject of a mail that people are warned about."""

from collections.abc import Sequence

from config.policy import Policy
from filters.finding import Finding
from filters.rewrite import Reach, language_of, rewriter
from filters.rule import Mail
from mail.charset import encode_header
from mail.compose import Edit
from mail.message import Header


@rewriter("mark", reach=Reach("inbound", removes=("subject",), adds=("subject",)))
def mark(mail: Mail, policy: Policy, findings: Sequence[Finding], recipients: tuple[int, ...]) -> list[Edit]:
    """The mark in the recipients' language precedes the subject, once; all other bytes stay."""
    text = policy.warn.mark(language_of(mail, policy, recipients))
    if not text:
        return []
    subjects = mail.message.all("subject")
    if not subjects:
        headers = mail.message.headers
        at = headers[0].span[0] if headers else 0
        ending = b"\r\n" if headers else b"\r\n\r\n"
        return [Edit(at, at, b"Subject: " + encode_header(text, 7) + ending)]
    if any(m in header.text for header in subjects[:1] for m in policy.warn.marks):
        return []  # a reply in a thread that already has one, in any language
    return [edit for header in subjects for edit in _marked(header, text)]


def _marked(header: Header, text: str) -> list[Edit]:
    colon = header.span[0] + header.raw.index(b":") + 1
    rest = header.raw[header.raw.index(b":") + 1 :]
    line, end = rest.splitlines()[0] if rest.strip() else b"", b"\r\n" if rest.endswith(b"\r\n") else b"\n"
    if not line.strip():
        # The first line is empty: put the mark there.
        return [Edit(colon, colon, b" " + encode_header(text, 7))]
    if text.isascii() and len(header.raw_name) + 1 + len(text) + 1 + len(line) <= 76:
        return [Edit(colon, colon, b" " + text.encode() + (b"" if line[:1] in (b" ", b"\t") else b" "))]
    # Blanks between two encoded words are not shown (RFC 2047 §6.2), so the blank goes into the mark.
    inside = text + " " if line.lstrip().startswith(b"=?") and not text.isascii() else text
    blank = b"" if line[:1] in (b" ", b"\t") else b" "
    return [Edit(colon, colon, b" " + encoded(inside) + end + blank)]


def encoded(text: str) -> bytes:
    """The mark as one header word; trailing blanks are kept inside an encoded word."""
    return encode_header(text, 7) if text.isascii() else encode_header(text, 0)
