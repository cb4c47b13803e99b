"""Law: what is marked is found, or there is a finding, whatever it is put into, and however often (docs/adr/0042).

Wrapped in any container that the extractor lists, behind any format that it walks, plain or encoded, at any depth. "ok" with
nothing found would be a mail that passes unread.
"""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from filters.extract import Budget, extract
from filters.extract.formats import CONTAINERS
from tests.filters.extract.documents import word
from tests.filters.extract.wrappers import WRAPPERS
from tests.filters.mails import attached, examined

TEXT = "この計画は社外秘です。取引先には見せないでください。\r\n".encode() * 3
MARKERS = {
    "document": word(),
    "text": TEXT,
    "cp932": TEXT.decode().encode("cp932"),
    "utf-16": TEXT.decode().encode("utf-16"),
}
PROGRAM = b"MZ\x90\0\3\0\0\0\4\0" + bytes(50) + b"\x40\0\0\0PE\0\0" + bytes(300)
NUMBER = "マイナンバー: 1234 5678 9018\r\n氏名: 山田太郎\r\n".encode()
NO_WRITER = {"disk", "lzh", "lzma", "apk", "jar"}
"""Containers for which there is no writer here; `apk` and `jar` are ZIP archives by other names."""


def wrapped(content: bytes, ways: list[str]) -> tuple[str, bytes]:
    name = "a.bin"
    for way in ways:
        name, content = WRAPPERS[way](content)
    return name, content


def test_every_container_has_a_wrapper() -> None:
    listed = {extract(*_named(way), Budget()).kind for way in WRAPPERS}
    assert listed >= CONTAINERS - NO_WRITER


def _named(way: str) -> tuple[str, str, bytes]:
    name, content = WRAPPERS[way](b"x")
    return name, "", content


@pytest.mark.parametrize("marker", MARKERS)
@pytest.mark.parametrize("way", WRAPPERS)
def test_once(way: str, marker: str) -> None:
    name, content = WRAPPERS[way](MARKERS[marker])
    found = extract(name, "", content, Budget())
    assert found.verdict != "ok" or "社外秘" in "".join(text for _, text in found.texts)


@given(st.lists(st.sampled_from(sorted(WRAPPERS)), min_size=2, max_size=6), st.sampled_from(sorted(MARKERS)))
@example(["zip"] * 7, "document")
@example(["base64", "base64", "base64"], "text")
@settings(max_examples=150, deadline=None, derandomize=True)
def test_composed(ways: list[str], marker: str) -> None:
    name, content = wrapped(MARKERS[marker], ways)
    found = extract(name, "", content, Budget())
    assert found.verdict != "ok" or "社外秘" in "".join(text for _, text in found.texts)


@given(st.lists(st.sampled_from(sorted(WRAPPERS)), min_size=1, max_size=3))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_the_whole_checkpoint(ways: list[str]) -> None:
    """A number of a person outbound, a program inbound: a rule speaks."""
    rules = {f.rule for f in examined(attached(wrapped(NUMBER, ways))).findings}
    assert rules & {
        "personal_identifier", "confidential_attachment", "class_approval", "unsupported_attachment", "corrupt_attachment", "oversized_attachment",
        "encrypted_attachment", "unexaminable",
    }, rules  # fmt: skip
    seen = examined(attached(wrapped(PROGRAM, ways)), "user@us.example", direction="inbound").findings
    assert {f.rule for f in seen} & {"executable", "unread_attachment", "unexaminable", "locked_attachment"}
