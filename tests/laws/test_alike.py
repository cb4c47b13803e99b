"""Law: what every reader reads alike is not damaged. Over plain ASCII no label of a charset and no name of a transfer
encoding changes the verdict; where one reader decodes and another does not, the mail is ambiguous."""

import base64

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from filters.examined import Examined
from mail.charset_labels import LABELS
from tests.filters.mails import examined

UNKNOWN = [
    "cp-850x",
    "unknown-8bit",
    "x-anything",
    "x-iso-10646-ucs-2",
    "_iso-2022-jp$ESC",
    "8859",
    "default",
    "japanese",
]
SPELLED = ["latin-1", "iso8859_1", "UTF_8", "cp-850", "Windows1252", "gb_2312-80", "ISO-8859-1 ", '"ms932"']
SAME = [
    "7bit", "8bit", "binary", "8bits", "7-bit", "8-bit", "7 bit", "7bit;", '"8bit"', "8BIT (text)", "utf-8", "none", "identity", "plain",
    "text/plain", "us-ascii", "foo", "x-anything", "standard", "quoted-printable;", "quotedprintable",
]  # fmt: skip
TEXTS = ["hello\r\n", "hello world\r\nDisk check finished.\r\n", "The list (2026) is at https://www.partner.example/a\r\n",
         "Strictly Confidential\r\n", "Please find the minutes below.\r\n\r\n- one\r\n- two\r\n"]  # fmt: skip
HEAD = "From: sato@us.example\r\nTo: tanaka@partner.example\r\nSubject: x\r\nMessage-ID: <1@us.example>\r\nMIME-Version: 1.0\r\n"


def judged(fields: str, text: str, direction: str) -> Examined:
    to = "tanaka@partner.example" if direction == "outbound" else "user@us.example"
    return examined((HEAD + fields + "\r\n" + text).encode(), to, direction=direction)


def essence(seen: Examined) -> tuple[object, ...]:
    return seen.verdict, [(f.rule, f.values) for f in seen.findings]


@given(
    st.sampled_from([*LABELS, *UNKNOWN, *SPELLED]),
    st.sampled_from(SAME),
    st.sampled_from(TEXTS),
    st.sampled_from(["text/plain", "text/html"]),
    st.sampled_from(["outbound", "inbound"]),
)
@example("ms932", "7bit;", TEXTS[3], "text/plain", "outbound")
@example("utf-16", "7bit", TEXTS[3], "text/plain", "outbound")
@settings(max_examples=300, deadline=None, derandomize=True)
def test_no_label_over_ascii_changes_the_verdict(label, encoding, text, kind, direction):
    bare = judged(f"Content-Type: {kind}\r\n", text, direction)
    fields = f"Content-Type: {kind}; charset={label}\r\nContent-Transfer-Encoding: {encoding}\r\n"
    assert essence(judged(fields, text, direction)) == essence(bare)


@pytest.mark.parametrize("label", [*LABELS, *UNKNOWN, *SPELLED])
def test_each_label(label):
    bare = judged("Content-Type: text/plain\r\n", TEXTS[1], "outbound")
    assert essence(judged(f"Content-Type: text/plain; charset={label}\r\n", TEXTS[1], "outbound")) == essence(
        bare
    )


@pytest.mark.parametrize("direction", ["outbound", "inbound"])
@pytest.mark.parametrize(
    "fields",
    [
        "Content-Transfer-Encoding: 7bit\r\nContent-Transfer-Encoding: 8bit\r\n",
        "Content-Type: text/plain\r\nContent-Type: text/plain\r\n",
        "Subject: x\r\n",
    ],
)
def test_a_field_said_twice_is_said(fields, direction):
    assert essence(judged(fields, TEXTS[0], direction)) == essence(judged("", TEXTS[0], direction))


@pytest.mark.parametrize(
    "kind",
    ["text", "plain", "text/", "", "text/plain charset=utf-8", "TEXT ; charset=us-ascii"],
)
def test_a_type_that_names_nothing_but_text(kind):
    for direction in ("outbound", "inbound"):
        bare = judged("", TEXTS[1], direction)
        assert essence(judged(f"Content-Type: {kind}\r\n", TEXTS[1], direction)) == essence(bare)


@pytest.mark.parametrize("label", UNKNOWN)
def test_utf_8_is_utf_8_under_an_unknown_label(label):
    for text in ("議事録をお送りします。\r\n", "Größe, café\r\n"):
        assert essence(judged(f"Content-Type: text/plain; charset={label}\r\n", text, "outbound")) == essence(
            judged("Content-Type: text/plain; charset=utf-8\r\n", text, "outbound")
        )
    hidden = "Content-Type: text/plain; charset=x-nobody\r\nContent-Transfer-Encoding: base64\r\n"
    assert judged(hidden, base64.b64encode("社外秘".encode("utf-16")).decode(), "outbound").verdict.rejects


NOTED = {
    "quoted-printable-damaged": ("Content-Transfer-Encoding: quoted-printable\r\n", "a = b and c=d\r\n"),
    "encoded-message": ("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n", base64.encodebytes(b"Subject: s\r\n\r\nhi\r\n").decode()),
    "no-end-boundary": ("Content-Type: multipart/mixed; boundary=b\r\n", "--b\r\nContent-Type: text/plain\r\n\r\nhi\r\n"),
    "unquoted-filename": ("Content-Type: text/plain\r\nContent-Disposition: attachment; filename=my report.txt\r\n", "hi\r\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", NOTED)
@pytest.mark.parametrize("direction", ["outbound", "inbound"])
def test_what_was_examined_in_all_its_readings_flows(name, direction):
    seen = judged(*NOTED[name], direction)
    assert not seen.verdict.rejects | seen.verdict.holds, [(f.rule, f.values) for f in seen.findings]
    assert name in {f.values.get("why", "") for f in seen.findings}


FILE = base64.encodebytes(b"MZ" + bytes(200)).decode().replace("\n", "\r\n")
SHORT = base64.b64encode(b"This is meant for nobody").decode() + "\r\n"
QUOTED = "Hello=20world, this goes=\r\n on\r\n"
UU = "begin 644 a.txt\r\n#86)C\r\n`\r\nend\r\n"
YENC = "=ybegin line=128 size=3 name=a.txt\r\nabc\r\n=yend size=3\r\n"


@pytest.mark.parametrize("direction", ["outbound", "inbound"])
@pytest.mark.parametrize("body", [FILE, SHORT, QUOTED, UU, YENC])
@pytest.mark.parametrize("encoding", ["foo", "base64;", '"quoted-printable"', "x-anything"])
def test_what_some_readers_decode_is_ambiguous(encoding, body, direction):
    fields = f"Content-Type: application/x\r\nContent-Transfer-Encoding: {encoding}\r\n"
    seen = judged(fields, body, direction)
    assert {f.rule for f in seen.findings} & {"ambiguous_mail", "unscannable"}, seen.findings
    assert seen.verdict.rejects or seen.verdict.holds
