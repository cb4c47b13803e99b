"""IN-REPORT: what a mail to the report address says about the mail it reports, which is attached or quoted.

A person forwards in one of two ways: as an attachment, which keeps everything, or inline, where the mail
program writes a few lines of the old header into the text. Both are read here, in the examining process,
because reported mail is hostile more often than not. Everything found is a claim: whoever keeps the journal
checks who may have got that mail (quarantine/reported/reports.py).

Sources: the lines that Outlook, Gmail, Thunderbird and Apple Mail write in Japanese and English.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import islice

import msgspec

from config.policy import Warn
from filters.examine import CAP, summarise
from filters.examined import TRACES, Copy, Examined, Reported, Summary
from filters.facts import Facts
from filters.lures.links import host_of
from filters.rule import Mail
from filters.ruleset import Prepared
from mail.address import header_addresses
from mail.message import Message, Part

REPORT = "report"
"""The direction (Facts) of a mail to the report address."""
MAX_ATTACHED = 10
MAX_IDS = 20
LINES, NEAR, LONGEST = 2_000, 12, 1_000
"""Lines read of a text, lines within which a quoted header lies, characters of each."""
MARKS = Warn().marks

_ID = re.compile(r"/received/([a-z2-7]{16})(?![a-z0-9])")
_RECEIVED = re.compile(r"\bid ([a-z2-7]{16})(?![a-z0-9])")
_PREFIX = re.compile(
    r"(?:re|fwd?|aw|wg|sv|vs|tr|rv|返信|転送|回复|答复|转发)\s{0,3}(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3})?\s{0,3}:\s*"
)
_NUMBER = re.compile(r"\d+")
_LABEL = re.compile(
    r"[>\s*_|]*(?:(?P<author>from|差出人|送信者|送信元)|(?P<subject>subject|件名|題名|表題)"
    r"|(?P<other>date|sent|to|日付|日時|送信日時|送信日|宛先|to \(宛先\)))[*_\s]*[:：][*_\s]*(?P<value>.*)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"'“”]{1,64}@[^\s<>()\[\]:;,\"'“”]{1,253}")


def run(raw: bytes | memoryview, facts: Facts, prepared: Prepared) -> Examined:
    """The mails that a report is about, in `reported`; the summary describes the report itself."""
    mail = Mail(Message(raw), facts)
    found = [_attached(inner, mail, prepared) for inner in attached(mail.message)]
    everybody = tuple(range(len(facts.envelope.forward_paths)))
    return Examined(
        copies=(Copy(everybody),) if everybody else (),
        summary=summarise(mail),
        reported=tuple(found) or (_quoted(mail, prepared),),
    )


def attached(message: Message) -> list[bytes]:
    """The attached mails: message/rfc822 in any encoding, and files named .eml; only the outermost ones."""
    return list(islice(_mails(message), MAX_ATTACHED))


def _mails(message: Message) -> Iterator[bytes]:
    for part in message.parts:
        if part.parent is not None and _within_mail(part):
            continue
        if part.is_message and part.children:
            yield bytes(message.view[slice(*part.body_span)])
        elif part.is_message or any(name.lower().strip().endswith(".eml") for name in part.filenames):
            yield part.content()


def _within_mail(part: Part) -> bool:
    above = part.parent
    while above is not None:
        if above.is_message:
            return True
        above = above.parent
    return False


def _attached(raw: bytes, report: Mail, prepared: Prepared) -> Reported:
    mail = Mail(Message(raw), msgspec.structs.replace(report.facts, direction="inbound"))
    summary = summarise(mail)
    received = [h.text for h in mail.message.all("received")[:50]]
    ids = [*_ids(mail), *(id for line in received for id in _RECEIVED.findall(line)[:1])]
    return Reported(
        msgspec.structs.replace(
            summary,
            subject=without_marks(summary.subject, _marks(prepared)),
            hosts=_foreign(summary.hosts, report.facts, prepared),
        ),
        tuple(dict.fromkeys(ids))[:MAX_IDS],
        attached=True,
    )


def _quoted(report: Mail, prepared: Prepared) -> Reported:
    incoming = report.incoming
    text = "\n".join(shown.text for shown in incoming.texts)
    subject, author, name = quotation(text)
    if not subject and not author:
        subject = summarise(report).subject
    inbound = Mail(report.message, msgspec.structs.replace(report.facts, direction="inbound"))
    files = summarise(inbound).files
    return Reported(
        Summary(
            subject=without_marks(subject, _marks(prepared)),
            author=author,
            author_name=name,
            hosts=_foreign(tuple(h[:CAP] for h in incoming.hosts), report.facts, prepared)[:TRACES],
            files=files,
        ),
        _ids(report)[:MAX_IDS],
    )


def quotation(text: str) -> tuple[str, str, str]:
    """(subject, address, name) of the first header quoted in a text; "" for what is missing.

    A header is a line for the author, one for the subject and a third one near each other: a sentence that
    happens to begin with "From:" is not one.
    """
    lines = [line[:LONGEST] for line in text.splitlines()[:LINES]]
    found = [(n, match) for n, line in enumerate(lines) if (match := _LABEL.match(line))]
    for number, match in found:
        near = [m for n, m in found if number <= n < number + NEAR]
        authors = [m["value"] for m in near if m["author"]]
        subjects = [m["value"] for m in near if m["subject"]]
        if (match["author"] or match["subject"]) and authors and subjects and any(m["other"] for m in near):
            address, name = _author(authors[0])
            return " ".join(subjects[0].split())[:CAP], address, name
    return "", "", ""


def _author(value: str) -> tuple[str, str]:
    """(address, name) of a quoted author: `Name <address>`, `Name [mailto:address]`, or a name alone."""
    boxes = [b for b in header_addresses(value) if _ADDRESS.fullmatch(b.address)]
    if boxes:
        return boxes[0].address.lower()[:CAP], boxes[0].name[:CAP]
    bare = _ADDRESS.search(value)
    name = value[: bare.start()] if bare else value
    return (bare[0].lower() if bare else ""), name.replace("[mailto:", "").strip(" \"'<[*_")[:CAP]


def _ids(mail: Mail) -> tuple[str, ...]:
    """Our ids in the addresses of our pages, as banners show them: in texts, and behind links."""
    incoming = mail.incoming
    places = [*(shown.text for shown in incoming.texts), *(link.target for link in incoming.links[:200])]
    return tuple(dict.fromkeys(id for place in places for id in _ID.findall(place)[:MAX_IDS]))


def _foreign(hosts: Iterable[str], facts: Facts, prepared: Prepared) -> tuple[str, ...]:
    """The hosts that are not ours: what we, or the person's signature, added to the mail is not reported."""
    console, internal = host_of(facts.console), prepared.policy.organisation.internal
    return tuple(h for h in hosts if h != console and not internal(f"x@{h}"))


def _marks(prepared: Prepared) -> tuple[str, ...]:
    return (*MARKS, *prepared.policy.warn.marks)


def without_marks(subject: str, marks: Iterable[str] = MARKS) -> str:
    """The subject as it arrived: without our marks, and without any Re: and Fwd: before them."""
    known = [m.strip().casefold() for m in marks if m.strip()]
    rest = subject.strip()
    for _ in range(10):
        bare = _after_prefix(rest)
        mark = next((m for m in known if bare.casefold().startswith(m)), None)
        if mark is None:
            break
        rest = bare[len(mark) :].strip()
    return rest


def bare_subject(subject: str) -> str:
    """The subject that mails of one wave share: without Re:, Fwd: and marks, width and case folded, every
    number as 0."""
    text = " ".join(unicodedata.normalize("NFKC", subject).casefold().split())[:CAP]
    for _ in range(10):
        rest = _after_prefix(without_marks(text))
        if rest == text:
            break
        text = rest
    return _NUMBER.sub("0", text)


def _after_prefix(subject: str) -> str:
    """The subject after its first Re: or Fwd:."""
    folded = subject[:40].lower().replace("\N{FULLWIDTH COLON}", ":")
    match = _PREFIX.match(folded)
    return subject[match.end() :].strip() if match else subject
