"""ARC chains case by case (RFC 8617), made by a signer of the tests' own, which knows nothing of dkimpy.

The names follow those of the published ARC test suite (cv_structure, ams_fields, as_fields, …), which no package has.
"""

import pytest

from gateway.authenticate import arc
from mail.message import Message
from tests.gateway.signing import RSA, public, sealed

NAMES = [f"{selector}._domainkey.list.example" for selector in ("arc", "other", "third")]
KEY = f"v=DKIM1; k=rsa; p={public(RSA)}"
MAIL = (
    "From: Taro <taro@corp.example>\r\nTo: a@there.example\r\nSubject: two words\r\n"
    "Date: Mon, 1 Jan 2029 00:00:00 +0900\r\n\r\nfirst  line\r\nend\r\n"
)
FOOTER = "-- \r\nfooter of the list\r\n"
ONE = sealed(MAIL)
TWO = sealed(ONE + FOOTER, 2)
THREE = sealed(TWO + FOOTER, 3)


def judged(mail: str, record: str | None = KEY, **others: str | None) -> str:
    message = Message(mail.encode())
    found = arc.chain(message)
    keys = {name: others.get(name.partition(".")[0], record) for name in found.key_names}
    return arc.verify(message, found, keys)


def without(mail: str, start: str) -> str:
    """The mail without the first field that begins so."""
    at = mail.index(start)
    return mail[:at] + mail[mail.index("\r\n", at) + 2 :]


@pytest.mark.parametrize("mail", [ONE, TWO, THREE], ids=["i1", "i2", "i3"])
def test_chains_that_pass(mail: str) -> None:
    assert judged(mail) == "pass"
    assert judged("Received: from x by y; now\r\n" + mail) == "pass"
    assert judged("ARC-Note: nothing\r\n" + mail) == "pass"


FAILING = [
    without(TWO, "ARC-Seal: i=2"),
    without(TWO, "ARC-Message-Signature: i=2"),
    without(TWO, "ARC-Authentication-Results: i=2"),
    without(TWO, "ARC-Seal: i=1"),
    without(TWO, "ARC-Message-Signature: i=1"),
    without(TWO, "ARC-Authentication-Results: i=1"),
    sealed(MAIL, 2),
    sealed(MAIL, 0),
    sealed(ONE, 3),
    sealed(ONE, 1),
    TWO[: TWO.index("ARC-Seal: i=1")] + ONE,
    without(ONE, "ARC-Seal").replace("ARC-Message", "ARC-Seal: i=1; cv=none\r\nARC-Message"),
    ONE.replace("ARC-Authentication-Results: i=1;", "ARC-Authentication-Results:"),
    ONE.replace("ARC-Authentication-Results: i=1;", "ARC-Authentication-Results: i=x;"),
    ONE.replace("ARC-Seal: i=1", "ARC-Seal: i=1; i=1"),
    ONE.replace("ARC-Seal: i=1", "ARC-Seal: i=one"),
    sealed(MAIL, seal={"cv": "pass"}),
    sealed(MAIL, seal={"cv": "fail"}),
    sealed(MAIL, seal={"cv": None}),
    sealed(MAIL, seal={"cv": "maybe"}),
    sealed(ONE, 2, seal={"cv": "none"}),
    sealed(ONE, 2, seal={"cv": "fail"}),
    sealed(sealed(ONE, 2, seal={"cv": "fail"}), 3),
    sealed(MAIL, seal={"h": "from"}),
    sealed(MAIL, seal={"a": "rsa-sha1"}),
    sealed(MAIL, seal={"a": None}),
    sealed(MAIL, seal={"d": None}),
    sealed(MAIL, seal={"s": None}),
    sealed(MAIL, signature={"a": "rsa-sha1"}),
    sealed(MAIL, signature={"a": "unknown"}),
    sealed(MAIL, signature={"h": "to:subject"}),
    sealed(MAIL, signature={"h": ""}),
    sealed(MAIL, signature={"h": "from:arc-seal"}),
    sealed(MAIL, signature={"bh": None}),
    sealed(MAIL, signature={"bh": "AAAA"}),
    sealed(MAIL, signature={"d": None}),
    sealed(MAIL, signature={"c": "relaxed/other"}),
    sealed(MAIL, signature={"t": "today"}),
    ONE.replace("first", "FIRST"),
    ONE.replace("two words", "three words"),
    ONE.replace("dmarc=pass", "dmarc=fail"),
    ONE.replace("Subject:", "From: boss@corp.example\r\nSubject:"),
    ONE + FOOTER,
    TWO.replace("i=1; list.example; dmarc=pass", "i=1; list.example; dmarc=none"),
    TWO + FOOTER,
]  # fmt: skip


@pytest.mark.parametrize("mail", FAILING, ids=range(len(FAILING)))
def test_chains_that_fail(mail: str) -> None:
    assert judged(mail) == "fail"


PASSING = [
    ONE,
    TWO,
    THREE,
    sealed(MAIL, signature={"c": "simple/simple"}),
    sealed(MAIL, signature={"c": "relaxed/simple"}),
    sealed(MAIL, signature={"t": "12345", "q": "dns/txt"}),
    sealed(MAIL, seal={"t": "12345", "other": "1"}),
    sealed(MAIL, signature={"h": "From : To:subject:subject:arc-authentication-results"}),
    sealed(ONE, 2, signature={"s": "other"}, seal={"s": "third"}),
    ONE.replace("first  line", "first \t line"),
    ONE.replace("Subject: two words", "subject:  two\r\n words"),
    ONE.replace("ARC-Authentication-Results: i=1; list", "ARC-AUTHENTICATION-results:  i=1;\r\n\tlist"),
    TWO.replace("two words\r\n", "two words\r\nX-New: 1\r\n"),
]  # fmt: skip


@pytest.mark.parametrize("mail", PASSING, ids=range(len(PASSING)))
def test_variants_that_pass(mail: str) -> None:
    assert judged(mail) == "pass"


def test_an_older_signature_need_not_hold_any_more() -> None:
    """The footer broke it; only its seal counts (§5.2)."""
    assert judged(TWO, ams="") == "pass"
    old = sealed(MAIL, signature={"s": "ams"})
    assert judged(sealed(old + FOOTER, 2), ams="") == "pass"
    assert judged(sealed(old + FOOTER, 2), ams=None) == "pass"
    assert judged(old, ams="") == "fail"


def test_a_signature_whose_instance_stands_last() -> None:
    """dkimpy by itself takes it for broken."""
    who = {"i": None, "a": "rsa-sha256", "zz": "1; i=1"}
    assert judged(sealed(MAIL, signature=who)) == "pass"


def test_sets_in_any_order_of_the_header() -> None:
    """The instances say the order (§5.1.1), not the places."""
    lines = TWO.split("\r\n")
    fields, rest = lines[:6], lines[6:]
    assert all(line.startswith("ARC-") for line in fields)
    assert judged("\r\n".join([*reversed(fields), *rest])) == "pass"


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (KEY, "pass"), ("", "fail"), (None, ""), ("v=DKIM1; p=", "fail"), (KEY + "; h=sha1", "fail"), (KEY + "; s=other", "fail"),
        (KEY + "; t=y", "pass"), ("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", "fail"),
    ],
)  # fmt: skip
def test_keys(record: str | None, expected: str) -> None:
    assert judged(ONE, record) == expected


def test_fifty_links_and_no_more() -> None:
    fields = "".join(
        f"ARC-Seal: i={n}; cv={'pass' if n > 1 else 'none'}; d=a.example; s=s\r\nARC-Message-Signature: i={n}; d=a.example; s=s\r\n"
        f"ARC-Authentication-Results: i={n}; x\r\n"
        for n in range(1, 52)
    )
    assert arc.chain(Message((fields + MAIL).encode())) == arc.Chain("fail")
    fewer = fields[: fields.index("ARC-Seal: i=51")]
    assert len(arc.chain(Message((fewer + MAIL).encode())).links) == 50


def trusted(mail: str, *sealers: str) -> str:
    message = Message(mail.encode())
    link = arc.trusted(message, arc.chain(message), sealers)
    return f"{link.sealer}|{link.results.decode()}" if link else ""


def test_whose_word_is_believed() -> None:
    other = {"d": "other.example"}
    chain = sealed(
        sealed(ONE, 2, "other.example; arc=pass", signature=other, seal=other), 3, "list.example; arc=pass"
    )
    assert judged(chain) == "pass"
    assert trusted(ONE, "list.example") == "list.example|list.example; dmarc=pass"
    assert trusted(ONE, "LIST.example.") == "list.example|list.example; dmarc=pass"
    assert trusted(ONE) == trusted(ONE, "other.example") == trusted(ONE, "example") == ""
    assert trusted(chain, "list.example", "other.example").endswith("|list.example; dmarc=pass")
    assert trusted(chain, "list.example") == "list.example|list.example; arc=pass", (
        "not what stood before the stranger"
    )
    assert trusted(chain, "other.example") == "", "the newest had the mail in hand"


def test_seal_and_signature_must_be_of_one_domain_to_be_believed() -> None:
    """Else the signature over the mail may be anybody's."""
    mixed = sealed(MAIL, signature={"d": "evil.example"})
    assert judged(mixed) == "pass"
    assert trusted(mixed, "list.example") == ""


def test_what_was_added_to_a_sealed_mail_is_not_vouched_for() -> None:
    """The chain passes, by the standard; a reader sees another subject, or text below the signed part."""
    second = "Subject: another\r\n" + ONE
    assert (judged(second), trusted(second, "list.example")) == ("pass", "")
    part = sealed(MAIL, signature={"l": "10"})
    assert (judged(part), trusted(part, "list.example")) == ("pass", "")
    assert (judged(MAIL), trusted(MAIL, "list.example")) == ("none", "")
