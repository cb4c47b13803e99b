"""Links of the journal in both forms, and proofs that tell of nothing but their head."""

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.journal import canonical
from storage.journal_links import COLUMNS, START, ChainProof, MarkedHead, again, digest, holds, link


def row(seq: int, **more: Any) -> dict[str, Any]:
    values = {
        "node": "n", "seq": seq, "at": 5.0 + seq, "event": "accept", "actor": "test", "item": f"i{seq}",
        "mail_id": "m", "tenant": "default", "detail": "{}",
    }  # fmt: skip
    return values | more


def chain(length: int) -> list[dict[str, Any]]:
    rows, before = [], START
    for seq in range(1, length + 1):
        rows.append(row(seq))
        rows[-1]["hash"] = before = link(before, rows[-1])
    return rows


def proof(rows: list[dict[str, Any]], place: int, end: int) -> ChainProof:
    before = rows[place - 1]["hash"] if place else START
    last = rows[end]
    head = MarkedHead("n", "default", last["seq"], last["hash"], 9.0)
    return ChainProof(before, tuple(digest(each) for each in rows[place + 1 : end + 1]), head, noted=True)


@given(
    st.integers(1, 30).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n - 1), st.integers(0, n - 1)))
)
def test_each_entry_leads_to_each_head_behind_it(numbers: tuple[int, int, int]) -> None:
    length, one, other = numbers
    rows = chain(length)
    place, end = sorted((one, other))
    assert holds(proof(rows, place, end), rows[place])


@pytest.mark.parametrize("column", COLUMNS)
def test_an_entry_that_says_anything_else_leads_nowhere(column: str) -> None:
    rows = chain(5)
    found = rows[1][column]
    other = {**rows[1], column: found + 1 if isinstance(found, int | float) else f"{found}x"}
    assert holds(proof(rows, 1, 4), rows[1])
    assert not holds(proof(rows, 1, 4), other)


def test_a_proof_is_of_its_own_entry_and_head_only() -> None:
    rows = chain(6)
    good = proof(rows, 1, 4)
    assert not holds(good, rows[2])
    for head in (rows[3], rows[5]):
        wrong = MarkedHead("n", "default", head["seq"], head["hash"], 9.0)
        assert not holds(ChainProof(good.before, good.behind, wrong, noted=True), rows[1])
    assert not holds(ChainProof(good.before, good.behind[:-1], good.head, noted=True), rows[1])


def test_entries_from_before_are_verified_in_their_form() -> None:
    old = row(1)
    text = canonical([old[c] for c in COLUMNS]).encode()
    old["hash"] = hashlib.sha256(START.encode() + text).hexdigest()
    assert again(START, old) == old["hash"]
    new = row(2)
    new["hash"] = link(old["hash"], new)
    assert new["hash"].startswith("2:")
    assert again(old["hash"], new) == new["hash"]
