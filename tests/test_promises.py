"""Limits that would contradict a promise: every limit on what a mail may be stands here beside what it must let through.

A promise is made elsewhere (a setting's default, a control, a standard); the limit must not be below it. One mail had
a thousand visible recipients, which is what OUT-BCC is for, and was held because its To field was too long to be read.
"""

import ast
from pathlib import Path

import msgspec
import pytest

from config.listening import ListenerSection
from config.settings import LimitsSection, Settings
from filters.examine import run
from filters.facts import Facts
from filters.rewriters.bcc import bcc  # noqa: F401 (what the first promise is about)
from filters.verdict import Disposition
from mail import (
    address,
    ambiguity,
    charset,
    encoding,
    header,
    hygiene,
    message,
    parameters,
    readings,
    rebuild,
    trace,
)
from mail.charset import encode_mailbox
from mail.envelope import Envelope, ForwardPath
from tests.filters.mails import SENDER, SHIPPED, facts

RECIPIENTS = LimitsSection().recipients
SIZE = ListenerSection(name="s", role="submission", port=0).size_limit
MAILBOX = (
    len(
        encode_mailbox(
            "株式会社関所商事 営業本部 第一営業部 山田 太郎", "a" * 64 + "@" + "b" * 60 + ".example.co.jp"
        )
    )
    + 4
)
"""Bytes of one recipient in a header field: a long Japanese name, a long address, comma and fold."""
PROMISES = {
    ("mail/address.py", "MAX_ADDRESSES"): (address.MAX_ADDRESSES, RECIPIENTS + 1),  # OUT-BCC
    ("mail/header.py", "MAX_ADDRESS_HEADER"): (header.MAX_ADDRESS_HEADER, RECIPIENTS * MAILBOX),
    ("mail/header.py", "MAX_HEADER_BLOCK"): (
        header.MAX_HEADER_BLOCK,
        header.MAX_ADDRESS_HEADER + header.MAX_HEADER,
    ),
    ("mail/header.py", "MAX_HEADER"): (header.MAX_HEADER, 20 * 998),  # References of a long discussion
    ("mail/header.py", "MAX_HEADERS"): (
        header.MAX_HEADERS,
        2 * 100 + 100,
    ),  # RFC 5321 §6.3: 100 hops, ARC beside
    ("mail/hygiene.py", "MAX_LINE"): (hygiene.MAX_LINE, 1_000_000),  # a page without line breaks
    ("mail/message.py", "MAX_PARTS"): (message.MAX_PARTS, 200),  # a mail of two hundred photographs
    ("mail/message.py", "MAX_DEPTH"): (message.MAX_DEPTH, 12),  # forwarded six times as an attachment
    ("mail/message.py", "MAX_FALSE_DELIMITERS"): (message.MAX_FALSE_DELIMITERS, 1000),
    ("mail/parameters.py", "MAX_PARAMETERS"): (
        parameters.MAX_PARAMETERS,
        40,
    ),  # RFC 2231: a name of 2,000 bytes
    ("mail/readings.py", "MAX_BYTES"): (readings.MAX_BYTES, SIZE),
    ("mail/readings.py", "MAX_READINGS"): (readings.MAX_READINGS, 8),
    ("mail/rebuild.py", "MAX_MAILBOXES"): (
        rebuild.MAX_MAILBOXES,
        100,
    ),  # what recipients see of a rebuilt mail
    ("mail/rebuild.py", "MAX_NAME"): (rebuild.MAX_NAME, 60),
    ("mail/rebuild.py", "MAX_REFERENCES"): (rebuild.MAX_REFERENCES, 10),
    ("mail/charset.py", "MAX_PADDINGS"): (charset.MAX_PADDINGS, 1000),
    ("mail/encoding.py", "MAX_BLOCKS"): (encoding.MAX_BLOCKS, 10),
    ("mail/trace.py", "MAX_RESULTS"): (trace.MAX_RESULTS, 8 * 998),
    ("mail/trace.py", "MAX_STATEMENTS"): (trace.MAX_STATEMENTS, 50),
    ("mail/ambiguity.py", "_MAX_BEGINS"): (ambiguity._MAX_BEGINS, 1000),
}


def test_every_limit_of_the_reading_stands_here() -> None:
    """A new limit has to say what it must let through."""
    root = Path(__file__).parent.parent
    found = {
        (str(path.relative_to(root)), target.id)
        for path in sorted((root / "mail").glob("*.py"))
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id.lstrip("_").startswith("MAX_")
    }
    assert found == set(PROMISES)


@pytest.mark.parametrize("limit", PROMISES, ids=lambda limit: f"{limit[0]}:{limit[1]}")
def test_no_limit_is_below_what_is_promised(limit: tuple[str, str]) -> None:
    most, promised = PROMISES[limit]
    assert most >= promised


def test_settings_cannot_be_raised_beyond_what_can_be_read() -> None:
    assert LimitsSection.model_fields["recipients"].metadata[1].le <= address.MAX_ADDRESSES - 1
    assert Settings.model_fields  # the settings themselves stay loadable


@pytest.mark.parametrize("visible", [200, RECIPIENTS])
def test_a_mail_to_as_many_visible_recipients_as_we_take_leaves_as_bcc(visible: int) -> None:
    people = [f"{'a' * 50}{n:04d}@{'b' * 40}.example.com" for n in range(visible)]
    to = ",\r\n ".join(encode_mailbox("株式会社関所商事 営業本部 山田 太郎", p).decode() for p in people)
    raw = (
        f"From: {SENDER}\r\nTo: {to}\r\nSubject: x\r\nDate: Mon, 01 Jan 2024 09:00:00 +0900\r\n"
        "Message-ID: <1@own.example>\r\n\r\nhello\r\n"
    ).encode()
    known: Facts = facts(*people)
    envelope = Envelope(known.envelope.reverse_path, tuple(ForwardPath(p) for p in people))
    examined = run(raw, msgspec.structs.replace(known, envelope=envelope), SHIPPED)
    assert "unexaminable" not in {f.rule for f in examined.findings}
    assert "bcc" in examined.verdict.rewrites
    assert examined.verdict.disposition is not Disposition.REJECT
