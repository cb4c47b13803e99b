"""What the gateway replaces in dkimpy gives the same results as what it replaces."""

import dkim
from dkim import canonicalization
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.authenticate import dkim_library
from mail.message import Message
from tests.gateway.stock import REPLACED

LINES = st.lists(st.sampled_from([b"", b" ", b"x", b"x \t", b"\t  x", b".", b"  \t", b"a b"]), max_size=10)


@given(LINES, st.booleans())
@settings(max_examples=200, deadline=None)
def test_canonical_bodies_are_those_of_dkimpy(lines: list[bytes], finished: bool) -> None:
    raw = b"\r\n".join(lines) + (b"\r\n" if finished else b"")
    body = dkim_library.Body(raw)
    # An unfinished last line counts as one with a line end (RFC 6376 §3.4.3); dkimpy leaves its blanks.
    whole = raw if not raw or raw.endswith(b"\r\n") else raw + b"\r\n"
    assert bytes(body.simple) == canonicalization.Simple.canonicalize_body(whole)
    assert body.relaxed == canonicalization.Relaxed.canonicalize_body(whole)


def test_many_empty_lines_and_runs_of_blanks_cost_no_more_than_others() -> None:
    """Either takes stock dkimpy minutes to days."""
    assert bytes(dkim_library.Body(b"x" + b"\r\n" * 2_000_000).simple) == b"x\r\n"
    assert dkim_library.Body(b" \t" * 2_000_000 + b"x").relaxed == b" x\r\n"


def test_the_body_is_not_copied() -> None:
    raw = b"From: a\r\n\r\n" + b"x" * 10_000 + b"\r\n\r\n"
    simple = dkim_library.prepared(Message(raw)).body.simple
    assert isinstance(simple, memoryview)
    assert simple.obj is raw


def test_the_header_is_the_one_that_the_rules_see() -> None:
    raw = b"A: b\r\n  c\r\nno field\r\nD : e\r\nF:"
    assert dkim_library.fields(Message(raw)) == [(b"A", b" b\r\n  c\r\n"), (b"D", b" e\r\n"), (b"F", b"\r\n")]


def test_the_names_that_are_replaced_are_those_that_dkimpy_uses() -> None:
    """A release of dkimpy that calls other names must not silently lose them."""
    for name in REPLACED:
        assert getattr(dkim, name) is not getattr(dkim.crypto, name)
        used = {*dkim.DKIM.sign.__code__.co_names, *dkim.DomainSigner.gen_header.__code__.co_names}
        used |= {*dkim.DomainSigner.verify_sig_process.__code__.co_names, *dkim.ARC.sign.__code__.co_names}
        assert name in used


def test_tags() -> None:
    assert dkim_library.tags(b" v=1; d=a.example;\r\n\ts=x; ") == {"v": "1", "d": "a.example", "s": "x"}
    assert dkim_library.tags(b"v=1; v=2") == {}
    assert dkim_library.tags(b"v") == {}
    assert dkim_library.tags(b"v=1;" + b" " * 100 + b"d=x") == {}
    assert dkim_library.tags(b"v=" + b"1" * 10_000) == {}
    assert dkim_library.key_name({"s": "S1", "d": "A.example."}) == "s1._domainkey.a.example"
