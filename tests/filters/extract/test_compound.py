"""Compound files: paths, streams, limits."""

import pytest

from filters.extract.budget import Budget, Stop
from filters.extract.compound import STREAMS, Compound
from filters.extract.found import Found
from tests.filters.extract.cfb import compound


def opened(content: bytes, size: int = 1_000_000) -> Compound:
    return Compound(content, Found(Budget(size=size), lambda *_: "unknown"))


def test_streams_are_found_whatever_their_case_and_storages_are_not_streams() -> None:
    file = opened(compound({"WordDocument": b"x" * 5_000, "Macros/VBA/dir": b"y"}))
    assert file.stream("WORDDOCUMENT") == b"x" * 5_000
    assert file.stream("Macros/VBA") == file.stream("absent") == b""
    assert file.has("macros/vba")
    assert file.streams("Macros/") == ["Macros/VBA/dir"]


def test_streams_are_paid_for_before_they_are_read() -> None:
    file = opened(compound({"a": b"x" * 5_000}), size=4_999)
    with pytest.raises(Stop) as stop:
        file.stream("a")
    assert stop.value.verdict == "limit"


def test_damage_and_too_many_streams_end_the_reading() -> None:
    whole = compound({"a": b"x" * 5_000})
    with pytest.raises(Stop) as stop:
        opened(whole[:100])
    assert stop.value.verdict == "corrupt"
    with pytest.raises(Stop) as stop:
        opened(compound({f"s{n}": b"x" for n in range(STREAMS + 1)}))
    assert stop.value.verdict == "limit"
