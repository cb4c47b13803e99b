"""The grammar of SPF records; tests/gateway/authenticate/test_spf_suite.py has many more."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.authenticate.spf_record import SpfRecord, Term, is_record, parse


def test_a_record_as_terms() -> None:
    assert parse("v=spf1  ~MX//64 a:%{d}.x.example/24 ip6:2001:db8::/32 redirect=b.example exp=c.example -all ") == SpfRecord(
        (
            Term("softfail", "mx", "", None, 64),
            Term("pass", "a", "%{d}.x.example", 24),
            Term("pass", "ip6", "2001:db8::/32"),
            Term("fail", "all"),
        ),
        "b.example",
    )  # fmt: skip


@pytest.mark.parametrize(
    "term",
    [
        "all:x", "all/8", "include", "include:", "include:x.example/24", "exists:x", "ptr:x.example/24", "a:", "a:com", "a:x.1", "a:x.-b",
        "a/33", "a//129", "a/08", "mx/", "ip4:1.2.3", "ip4:1.2.3.4/", "ip4:1.2.3.4/032", "ip4:::1", "ip6:1.2.3.4", "ip6:::1/129", "ip6::1",
        "redirect=", "redirect=a.example redirect=b.example", "exp=a.example exp=b.example", "-redirect=a.example", "=x", "1=x", "x=%", "x=%{z}",
        "exists:%{c}.example", "exists:%{d0}.example", "exists:%{d", "a:é.example", "a:x\t.example", "\x00", "a" * 600,
    ],
)  # fmt: skip
def test_errors_of_an_author(term: str) -> None:
    with pytest.raises(ValueError):
        parse(f"v=spf1 {term} -all")


def test_which_texts_are_records() -> None:
    assert [is_record(t) for t in ("v=spf1", "V=SPF1 -all", "v=spf10", "v=spf1\t-all", " v=spf1", "")] == [
        True, True, False, False, False, False,
    ]  # fmt: skip


@given(st.text(alphabet="aip46mx:/.%{}dlsr0-_= +~?\t", max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_text_is_a_record_or_an_error(text: str) -> None:
    try:
        assert isinstance(parse("v=spf1 " + text), SpfRecord)
    except ValueError:
        pass


@pytest.mark.parametrize("filler", ["a", ".", "%{d}", "a.", "-", "%_", "1"])
def test_long_terms_cost_nothing(filler: str) -> None:
    with pytest.raises(ValueError):
        parse("v=spf1 " + " ".join(["exists:" + filler * 160 + "!"] * 50))
