"""OUT-ENCRYPT and OUT-PASSWORD: attachments leave in one encrypted ZIP (AES-256, unless an exception says otherwise); the
passphrase never does.

The first attachment's part becomes the ZIP (with a note before it), the other attachments' parts are removed;
every byte outside stays. Left alone: pictures that the HTML shows, extensions that policy excludes unless
something confidential was found in them, and what is already encrypted.

Diagnostics: RewriteError (a hold) without a passphrase, with a weak one, when the passphrase occurs in the
mail itself, for signed mail (a change would break the signature), and for a structure that cannot be cut
safely.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence

from config.policy import INNER, Encrypt, Policy
from config.strength import bits
from config.words import say
from filters.extract.extensions import extension
from filters.finding import Finding
from filters.reading.reading import Attachment, Reading
from filters.rewrite import Reach, rewriter
from filters.rewriters.flat import NAMES, named, neutral
from filters.rewriters.packing import distinct, neat, pack
from filters.rewriters.tidy import tidy_files
from filters.rule import Mail
from mail.compose import Edit, RewriteError, applied
from mail.message import Message, Part

_REACH = Reach("outbound", removes=("content-*",), adds=("content-*", "mime-version"), body=True)


@rewriter("encrypt", reach=_REACH)
def encrypt(
    mail: Mail, policy: Policy, findings: Sequence[Finding], recipients: tuple[int, ...]
) -> list[Edit]:
    """Put the attachments into an encrypted ZIP for recipients who share a passphrase."""
    return _encrypted(mail, policy, findings, recipients, {})


@rewriter("encrypt_zip_crypto", reach=_REACH)
def encrypt_zip_crypto(
    mail: Mail, policy: Policy, findings: Sequence[Finding], recipients: tuple[int, ...]
) -> list[Edit]:
    """As `encrypt`, in the old encryption that Windows Explorer opens, by an exception of the policy."""
    return _encrypted(mail, policy, findings, recipients, {}, old=True)


@rewriter("encrypt_tidied", reach=_REACH)
def encrypt_tidied(
    mail: Mail, policy: Policy, findings: Sequence[Finding], recipients: tuple[int, ...]
) -> list[Edit]:
    """Both "tidy" and "encrypt": the documents in the ZIP are the tidy ones."""
    return _encrypted(mail, policy, findings, recipients, _tidy(mail, findings))


@rewriter("encrypt_tidied_zip_crypto", reach=_REACH)
def encrypt_tidied_zip_crypto(
    mail: Mail, policy: Policy, findings: Sequence[Finding], recipients: tuple[int, ...]
) -> list[Edit]:
    """Both of them."""
    return _encrypted(mail, policy, findings, recipients, _tidy(mail, findings), old=True)


def _tidy(mail: Mail, findings: Sequence[Finding]) -> dict[str, bytes]:
    return {attachment.path: content for attachment, content in tidy_files(mail, findings)}


def _encrypted(
    mail: Mail,
    policy: Policy,
    findings: Sequence[Finding],
    recipients: tuple[int, ...],
    tidy: Mapping[str, bytes],
    old: bool = False,
) -> list[Edit]:
    """`tidy`: what stands in the place of a file, by its path; `old`: ZipCrypto instead of AES."""
    reading = mail.reading
    chosen = to_encrypt(reading, policy.encrypt, findings)
    if not chosen:
        return []
    secret = _passphrase(mail, policy.encrypt, recipients)
    if not all(a.own for a in chosen):
        raise RewriteError("a file that only some readers see cannot be encrypted")
    if any(_signed(a.part) for a in chosen):
        raise RewriteError("a signed mail cannot be changed")
    if any(_opaque(a.part) for a in chosen):
        raise RewriteError("PGP/MIME, S/MIME and winmail.dat cannot be packed")
    files = tuple((a.name or f"attachment-{n}", tidy.get(a.path, a.content)) for n, a in enumerate(chosen, 1))
    archive = mail.once(_packed, files, secret, mail.facts.now, policy.encrypt, old)
    first, rest = chosen[0].part, [a.part for a in chosen[1:]]
    name = neat(policy.encrypt.archive_name, 1)
    note = _note_part(name, policy.organisation.speaks, policy.encrypt.hide_names is True, old)
    if first.parent is None:
        edits = _whole(first, archive, name, note)
    else:
        edits = _replaced(mail.message, first, archive, name, note, _text_after(first, rest))
        edits += [_removed(mail.message, part) for part in _topmost(rest)]
    if tidy.keys() - {a.path for a in chosen}:
        raise RewriteError("a file that is changed and not encrypted")
    _assert_untold(mail.message, reading, chosen, edits, secret)
    return edits


def _packed(files: tuple[tuple[str, bytes], ...], secret: str, now: float, how: Encrypt, old: bool) -> bytes:
    if how.hide_names == INNER:
        names = distinct(name for name, _ in files)
        inside = [(name, content) for name, (_, content) in zip(names, files, strict=True)]
        return pack(inside, secret, now, inner_name=how.inner_name, old=old)
    return pack((neutral if how.hide_names else named)(files), secret, now, old=old)


def to_encrypt(reading: Reading, settings: Encrypt, findings: Sequence[Finding]) -> list[Attachment]:
    """The attachments that have to go into the ZIP."""
    hot = {e.part.partition("/")[0] for f in findings for e in f.evidence if "/" in e.part}
    excluded = {e.lower().lstrip(".") for e in settings.exclude_extensions}
    return [
        a
        for a in reading.attachments
        if a.extracted.verdict != "encrypted"
        and not a.extracted.locked
        and a.content
        and (a.path in hot or not (a.inline_image or extension(a.name) in excluded))
    ]


def _passphrase(mail: Mail, settings: Encrypt, recipients: tuple[int, ...]) -> str:
    everybody = mail.facts.envelope.recipients
    secrets = {mail.facts.passphrase(everybody[i])[0] for i in recipients}
    if len(secrets) != 1 or "" in secrets:
        raise RewriteError("there is no passphrase for these recipients")
    secret = secrets.pop()
    if bits(secret) < settings.minimum_bits:
        raise RewriteError("the passphrase is too weak")
    return secret


def _signed(part: Part | None) -> bool:
    while part is not None:
        if part.content_type == "multipart/signed":
            return True
        part = part.parent
    return False


OPAQUE = frozenset(
    ("application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted", "application/ms-tnef",
     "application/vnd.ms-tnef", "multipart/encrypted")
)  # fmt: skip
"""Parts whose readers want all of the mail as it was made."""


def _opaque(part: Part | None) -> bool:
    while part is not None:
        if part.content_type in OPAQUE or part.filename.lower() in ("winmail.dat", "smime.p7m"):
            return True
        part = part.parent
    return False


def _body(archive: bytes) -> bytes:
    """Base64 in lines of 76 (RFC 2045 §6.8)."""
    text = base64.b64encode(archive)
    return b"\r\n".join(text[i : i + 76] for i in range(0, len(text), 76))


def _file_part(archive: bytes, name: str) -> bytes:
    quoted = name.encode("ascii", "replace").replace(b"?", b"_").decode()
    return (
        f'Content-Type: application/zip; name="{quoted}"\r\n'
        "Content-Transfer-Encoding: base64\r\n"
        f'Content-Disposition: attachment; filename="{quoted}"\r\n\r\n'
    ).encode() + _body(archive)


def _note_part(name: str, languages: Sequence[str], numbered: bool, old: bool) -> bytes:
    said = []
    for language in languages:
        said.append(say(language, f"rewriters.encrypt.{'old' if old else 'text'}", name=name))
        said += [say(language, "rewriters.encrypt.names", list=NAMES)] if numbered else []
    return (
        b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n"
        b"Content-Disposition: inline\r\n\r\n"
    ) + _body("\n".join(said).replace("\n", "\r\n").encode())


def _text_after(first: Part, rest: Sequence[Part]) -> Part | None:
    """The text of a mail that begins with its attachments, None when a text comes first: our note is never the first thing
    that people read of a mail, and the attachments keep their place."""
    siblings = first.parent.children if first.parent else ()
    texts = [
        part
        for part in siblings
        if part.content_type.startswith(("text/", "multipart/")) and part is not first and part not in rest
    ]
    at = first.span[0]
    return None if any(part.span[0] < at for part in texts) else next(iter(texts), None)


def _replaced(
    message: Message, part: Part, archive: bytes, name: str, note: bytes, text: Part | None
) -> list[Edit]:
    """The first attachment's part becomes the ZIP; the note stands before it, or behind the text that follows."""
    start, end = part.span
    line = bytes(message.view[_delimiter(message, part) : start])
    zipped = _file_part(archive, name)
    if text is None:
        return [Edit(start, end, note + b"\r\n" + line + zipped)]
    behind = text.span[1]
    return [Edit(start, end, zipped), Edit(behind, behind, b"\r\n" + line + note)]


def _removed(message: Message, part: Part) -> Edit:
    """A part is removed with the delimiter line before it."""
    end = part.span[1]
    limit = part.parent.span[1] if part.parent else len(message)
    if bytes(message.view[end : end + 2]) == b"\r\n":
        end += 2
    elif bytes(message.view[end : end + 1]) == b"\n":
        end += 1
    if end < limit and bytes(message.view[end : end + 2]) != b"--":
        raise RewriteError("the end of an attachment cannot be found")
    return Edit(_delimiter(message, part), min(end, limit) if end < limit else part.span[1], b"")


def _delimiter(message: Message, part: Part) -> int:
    """Where the delimiter line before a part begins."""
    start = part.span[0]
    low = max(0, start - 4096)
    before = bytes(message.view[low:start])
    at = before.rfind(b"\n", 0, len(before) - 1) + 1
    if not before.endswith(b"\n") or before[at : at + 2] != b"--":
        raise RewriteError("the beginning of an attachment cannot be found")
    return low + at


def _topmost(parts: list[Part]) -> list[Part]:
    """The parts to remove; a multipart that would be left empty is removed as a whole."""
    going = list(parts)
    while True:
        for parent in {id(p.parent): p.parent for p in going}.values():
            if parent is None or parent.parent is None:
                continue
            if all(any(child is p for p in going) for child in parent.children):
                going = [p for p in going if p.parent is not parent] + [parent]
                break
        else:
            return going


def _whole(root: Part, archive: bytes, name: str, note: bytes) -> list[Edit]:
    """A mail that is one attachment becomes a multipart/mixed of the note and the ZIP."""
    if not root.headers:
        raise RewriteError("the mail has no header")
    boundary = b"=_sekisho_" + hashlib.sha256(archive).hexdigest()[:32].encode()
    edits = [Edit(*h.span, b"") for h in root.headers if h.name.startswith("content-")]
    at = root.headers[-1].span[1]
    fields = b"" if root.first("mime-version") else b"MIME-Version: 1.0\r\n"
    fields += b'Content-Type: multipart/mixed; boundary="' + boundary + b'"\r\n'
    edits.append(Edit(at, at, fields))
    gap = b"" if root.view[at : root.header_end] else b"\r\n"
    body = [gap, b"--", boundary, b"\r\n", note, b"\r\n--", boundary, b"\r\n"]
    body += [_file_part(archive, name), b"\r\n--", boundary, b"--\r\n"]
    edits.append(Edit(root.header_end, len(root.view), b"".join(body)))
    return edits


def _assert_untold(
    message: Message, reading: Reading, chosen: list[Attachment], edits: list[Edit], secret: str
) -> None:
    """The passphrase occurs nowhere in what leaves: neither in its bytes nor in its texts."""
    left = [reading.subject.raw, *(t.raw for t in reading.bodies)]
    left += [t.raw for a in reading.attachments if a not in chosen for t in a.texts]
    left += [h.text for h in message.headers]
    if secret.encode() in applied(message.raw, edits) or any(secret in text for text in left):
        raise RewriteError("the passphrase stands in the mail itself")
