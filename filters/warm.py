"""Everything that a locked process can no longer load is touched here, before the lock.

Codecs, ciphers and several libraries import modules on first use; inside the sandbox that import fails and
the mail is held. So a mail that needs nearly all of them is first examined in both directions. With `prepare`
and `run` this module is what the examining processes import.
"""

from functools import cache

from config.policy import Class, Organisation, Policy
from filters import examine
from filters.examined import UNEXAMINABLE, Examined
from filters.extract import ocr
from filters.extract import warm as warm_extractors
from filters.extract.sample import samples
from filters.facts import Facts, Origin, Person
from filters.reading import report, shown
from filters.rule import Ask
from filters.ruleset import Prepared, prepare
from mail import all_codecs
from mail.charset import encode_header
from mail.envelope import Envelope, ForwardPath

__all__ = ["pictures", "prepare", "run", "warm"]


def run(raw: bytes | memoryview, facts: Facts, prepared: Prepared, ask: Ask | None = None) -> Examined:
    """What an examining process does with a mail: examine it, or read what it reports, or a file of it for people."""
    if facts.direction == report.REPORT:
        return report.run(raw, facts, prepared)
    if facts.direction == shown.SHOW:
        return shown.run(raw, facts, prepared)
    return examine.run(raw, facts, prepared, ask)


@cache
def warm() -> None:
    """Load all codecs, read one file of each family, and examine a mail with all of them in both directions.

    Raises RuntimeError when the examination itself does not work: better at the start than with every mail.
    """
    all_codecs.load()
    warm_extractors()
    prepared = prepare(
        Policy(
            organisation=Organisation(domains=("own.example",), classes=(Class("社外秘", 2, ("社外秘",)),))
        )
    )
    for direction, author, recipient in (
        ("outbound", "a@own.example", "b@other.example"),
        ("inbound", "b@other.example", "a@own.example"),
    ):
        facts = Facts(
            direction=direction,
            origin=Origin("warm", "127.0.0.1", login=author if direction == "outbound" else ""),
            envelope=Envelope(author, (ForwardPath(recipient), ForwardPath(f"c.{recipient}"))),
            sender=Person(author, addresses=(author,)) if direction == "outbound" else None,
            fresh_passphrase="warm-2345-6789-abcd-efgh",  # noqa: S106 (encrypts nothing real)
        )
        examined = run(_mail(author, recipient), facts, prepared)
        if direction == "outbound" and not any(copy.passphrase_source for copy in examined.copies):
            raise RuntimeError(f"the checkpoint does not encrypt: {[f.rule for f in examined.findings]}")
        broken = [f for f in examined.findings if f.rule == UNEXAMINABLE]
        if broken:
            raise RuntimeError(f"the checkpoint does not work: {broken[0].evidence}")
    reporting = Facts(report.REPORT, Origin("warm", "127.0.0.1"), Envelope("a@own.example", ()))
    run(_mail("b@other.example", "a@own.example"), reporting, prepared)


def pictures() -> str:
    """Load what reads words in pictures; what is missing for that, "" when nothing is."""
    ocr.warm()
    return ocr.lack()


def _mail(author: str, recipient: str) -> bytes:
    """A mail that needs a banner inbound and encryption outbound, with an attachment of every family."""
    parts = [
        b"Content-Type: text/plain; charset=iso-2022-jp\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"
        + "至急ご確認ください。http://203.0.113.7/\r\n".encode("iso-2022-jp"),
        b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        b'<html><body><a href=3D"http://203.0.113.7/">https://bank.example/</a></body></html>\r\n',
        b'Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="a.pdf      .exe"\r\n\r\nMZ\r\n',
        b'Content-Type: text/plain\r\nContent-Disposition: attachment; filename="secret.txt"\r\n\r\n'
        + "社外秘\r\n".encode(),
    ]
    parts += [
        b'Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="%b"\r\n'
        b"Content-Transfer-Encoding: binary\r\n\r\n%b\r\n" % (name.encode(), content)
        for name, content in samples().items()
    ]
    head = (
        f"From: {author}\r\nTo: {recipient}, c.{recipient}\r\nMessage-ID: <warm@own.example>\r\nMIME-Version: 1.0\r\nSubject: "
    ).encode() + encode_header("社外の方へ", 9)
    body = b"".join(b"--warm\r\n" + part for part in parts) + b"--warm--\r\n"
    return head + b"\r\nContent-Type: multipart/mixed; boundary=warm\r\n\r\n" + body
