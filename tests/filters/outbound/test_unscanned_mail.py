"""OUT-VIRUS: what nobody looked at does not leave; what was not to be found in the mail is handed out to be looked at."""

import io

import msgspec
import pytest
import pyzipper

from filters.examine import run
from filters.facts import VirusScan
from tests.filters.extract.documents import archive
from tests.filters.mails import SHIPPED, attached, examined, facts, plain

NEEDLE = b"what a scanner looks for"


@pytest.mark.parametrize("lack", ["silent", "stale", "limit"])
def test_it_is_held_for_everybody(lack: str) -> None:
    found = examined(plain("x"), "hanako@us.example", "tanaka@partner.example", scan=VirusScan(lack=lack))
    assert all("unscanned_mail" in copy.verdict.holds for copy in found.copies)


def handed_out(raw: bytes) -> tuple[bytes, ...]:
    return run(raw, msgspec.structs.replace(facts(), apart=True), SHIPPED).apart


def test_every_file_that_was_opened_is_handed_out_and_none_unless_it_is_asked() -> None:
    raw = attached(("a.zip", archive(("b.zip", archive(("c.txt", NEEDLE))))))
    assert NEEDLE in handed_out(raw)
    assert run(raw, facts(), SHIPPED).apart == ()
    cut_out = plain("begin 644 a.bin\n" + "#86)C\n`\nend\n")
    assert b"abc" in handed_out(cut_out), "a file in the text"


def test_what_does_not_fit_is_said_where_no_scanner_finds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("filters.reading.reading.APART", 10)
    asked = msgspec.structs.replace(facts(), apart=True)
    walked = run(attached(("a.zip", archive(("c.txt", NEEDLE)))), asked, SHIPPED)
    assert (walked.apart, walked.kept_back) == ((), False)
    hidden = run(plain("begin 644 a.bin\n" + "M86%A86%A86%A86%A86%A86%A86%A86%A86%A86%A86%A86%A86%A86%A86%A\n`\nend\n"), asked, SHIPPED)  # fmt: skip
    assert (hidden.apart, hidden.kept_back) == ((), True)


def locked(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with pyzipper.AESZipFile(
        out, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
    ) as packed:
        packed.setpassword(b"aB3xyzQ9")
        for name, content in members:
            packed.writestr(name, content)
    return out.getvalue()


def test_what_stands_behind_a_limit_in_a_file_that_we_opened_is_said() -> None:
    """A scanner has no passphrase: where we stop, nobody has looked at the rest."""
    needle = ("z.txt", NEEDLE)
    bomb = locked(("a.txt", bytes(60_000_000)), needle)
    many = locked(("a.zip", archive(*((f"{n}.txt", b"x") for n in range(1_001)))), needle)
    crowd = locked(*((f"{n}.txt", b"x") for n in range(2_001)), needle)
    for direction in ("inbound", "outbound"):
        asked = msgspec.structs.replace(
            facts(direction=direction), apart=True, passphrases={"x@y.example": "aB3xyzQ9"}
        )
        for content, kept_back in ((bomb, True), (many, True), (crowd, True), (locked(needle), False)):
            found = run(attached(("a.zip", content)), asked, SHIPPED)
            assert (any(NEEDLE in each for each in found.apart), found.kept_back) == (
                not kept_back,
                kept_back,
            )
