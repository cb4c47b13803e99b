"""Ordinary mail is not called ambiguous: fewer than one in a thousand, out of thousands."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from filters.ambiguity import SEVERITY, STOP
from mail.ambiguity import ambiguities
from mail.message import LIMITS, Message
from tests.mail.clean_mails import clean

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
GENERATED = 5_200
BROKEN: dict[str, set[str]] = {
    "msg_14.txt": {"content-type-invalid"},
    "msg_15.txt": {"boundary-not-found", "headers-in-epilogue", "same-boundary-inside", "part-after-end"},
    "msg_17.txt": {"boundary-not-found"},
    "msg_25.txt": {"no-boundary"},
    "msg_31.txt": {"boundary-not-found"},
    "msg_33.txt": {"encoded-boundary"},
    "msg_35.txt": {"missing-blank-line"},
    "msg_36.txt": {"message-external-body"},
    "msg_38.txt": {"no-end-boundary"},
    "msg_39.txt": {
        "base64-damaged",
        "headers-in-epilogue",
        "part-after-end",
        "boundary-not-found",
        "same-boundary-inside",
    },
    "msg_41.txt": {"no-boundary"},
    "msg_47.txt": {"missing-blank-line"},
}
"""The standard library's test mails that are damaged on purpose, and how."""


def stopped(raw: bytes) -> dict[str, str]:
    """Detector -> quotation of what would refuse or hold this mail in one of the directions."""
    message = Message(raw)
    found = {a.name: a.quote for a in ambiguities(message)}
    found = {n: q for n, q in found.items() if STOP in (SEVERITY[n].inbound, SEVERITY[n].outbound)}
    return found | dict.fromkeys(LIMITS & set(message.problems), "")


def real() -> Iterator[tuple[str, bytes]]:
    for folder in ("ham", "ham_ja", "ham_newsletter"):
        for path in sorted((CORPUS / folder).glob("*.eml")):
            yield path.name, path.read_bytes()


def test_generated_and_real_mail_is_hardly_ever_called_ambiguous() -> None:
    wrong: Counter[str] = Counter()
    count = 0
    for shape, raw in [*clean(GENERATED), *real()]:
        count += 1
        for name in stopped(raw):
            wrong[f"{shape}: {name}"] += 1
    print(f"{count} mails, {wrong.total()} called ambiguous")
    assert count >= 5_000
    assert wrong.total() < count / 1000, wrong


def test_mail_of_the_standard_library_is_read_without_a_false_alarm() -> None:
    """Some of its test mails are broken on purpose: those that its own tests call broken may be called ambiguous."""
    pytest.importorskip("test.test_email")
    import test.test_email

    data = Path(test.test_email.__file__).parent / "data"
    if not data.is_dir():
        pytest.skip("the standard library's tests are not installed")
    found = {p.name: set(stopped(p.read_bytes())) for p in sorted(data.glob("msg_*.txt"))}
    assert {n: w for n, w in found.items() if w - BROKEN.get(n, set())} == {}
    assert sum(bool(w) for w in found.values()) <= len(BROKEN)
