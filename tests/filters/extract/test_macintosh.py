"""What a Mac puts beside files is ordinary; what is hidden in it is found."""

import random

import pytest

from filters.extract import Budget, Extracted, extract
from tests.filters.extract.documents import archive, word
from tests.filters.extract.macs import FIRST, appledouble, attributes, companion, dsstore, resources
from tests.filters.mails import attached, examined

PROGRAM = b"MZ\x91\0\3\0\0\0\4\0" + bytes(50) + b"\x40\0\0\0PE\0\0" + bytes(300)
NOISE = random.Random(7).randbytes(5_000)
MARK = "この計画は社外秘です。\r\n".encode()


def read(content: bytes, name: str = "._a") -> Extracted:
    return extract(name, "", content, Budget())


@pytest.mark.parametrize(
    "content",
    [
        companion(),
        appledouble(),
        appledouble((2, resources())),
        appledouble((9, bytes(32)), (2, resources(b"\1\2\3\4" * 40, b"x"))),
        appledouble(
            (3, b"report.xlsx"),
            (4, b"of last month"),
            (8, bytes(16)),
            (1, b"Hello there\r\n" * 5),
            single=True,
        ),
        bytes.fromhex("00051607000200004d6163204f532058") + bytes(70),
        dsstore("報告.xlsx", "図"),
        dsstore(),
        b"\0\0\0\1Bud1" + bytes(400),
    ],
)
def test_what_the_finder_writes_is_read(content):
    assert read(content).verdict == "ok"


def test_names_and_remarks_are_texts():
    assert "極秘の計画.xlsx" in "".join(t for _, t in read(dsstore("極秘の計画.xlsx")).texts)
    assert "社外秘" in "".join(t for _, t in read(appledouble((4, MARK))).texts)


HIDDEN = {
    "data fork": lambda c: appledouble((1, c), single=True),
    "resource fork": lambda c: appledouble((2, c)),
    "resource": lambda c: appledouble((2, resources(b"x", c))),
    "attribute": lambda c: appledouble((9, attributes(FIRST, a=b"1", user_b=c)), (2, b"")),
    "behind": lambda c: companion() + c,
    "between": lambda c: appledouble((77, c)),
    "behind the blocks": lambda c: dsstore("a", rest=c),
    "in no store": lambda c: b"\0\0\0\1Bud1" + bytes(40) + c,
}


@pytest.mark.parametrize("way", HIDDEN)
def test_what_is_hidden_in_them_is_found(way):
    for content in (PROGRAM, word(), MARK * 3):
        made = archive(("a/x.txt", b"hello"), ("__MACOSX/a/._x.txt", HIDDEN[way](content)))
        found = extract("a.zip", "", made, Budget())
        kinds = {m.kind for m in found.members}
        text = "".join(t for _, t in found.texts)
        assert "exe" in kinds or "社外秘" in text or "docx" in kinds, way
    assert read(HIDDEN[way](NOISE)).verdict == "unsupported" or way in ("resource", "attribute")


def test_cut_off_files_raise_nothing():
    for whole in (companion(), dsstore("a", "b")):
        for at in range(0, len(whole), 13):
            assert read(whole[:at]).verdict in ("ok", "unsupported")


@pytest.mark.parametrize("direction", ["outbound", "inbound"])
def test_an_archive_from_a_mac_is_as_ordinary_as_any(direction):
    files = [("資料/明細.docx", word())]
    beside = [
        ("__MACOSX/資料/._明細.docx", companion()), ("資料/.DS_Store", dsstore("明細.docx")), ("__MACOSX/._資料", companion())
    ]  # fmt: skip
    to = "tanaka@partner.example" if direction == "outbound" else "user@us.example"
    plain = examined(attached(("a.zip", archive(*files))), to, direction=direction)
    ours = examined(attached(("a.zip", archive(*files, *beside))), to, direction=direction)
    assert ours.verdict == plain.verdict
    assert {f.rule for f in ours.findings} == {f.rule for f in plain.findings}


@pytest.mark.parametrize("direction", ["outbound", "inbound"])
def test_a_file_with_its_companion_beside_it(direction):
    to = "tanaka@partner.example" if direction == "outbound" else "user@us.example"
    plain = examined(attached(("a.docx", word())), to, direction=direction)
    ours = examined(
        attached(("a.docx", word()), ("._a.docx", companion()), (".DS_Store", dsstore("a"))),
        to,
        direction=direction,
    )
    assert ours.verdict == plain.verdict


def test_a_program_in_a_companion_warns():
    made = archive(("x.txt", b"hello"), ("__MACOSX/._x.txt", appledouble((2, resources(PROGRAM)))))
    seen = examined(attached(("a.zip", made)), "user@us.example", direction="inbound")
    assert "executable" in {f.rule for f in seen.findings}
