"""Traits of arriving mail: what the journal tells is what mails are found by."""

from filters.examined import TRACES, Summary
from filters.finding import Finding
from quarantine.item import Entry
from quarantine.reported.fingerprints import REASONS, Trait, journal_fields, rows_of, trace, traits_of

SUMMARY = Summary(
    "Re: 請求書 12", "Bank@Evil.example", "銀行", "<1@evil.example>", hosts=("Login.evil.example",), files=("ab" * 32,)
)  # fmt: skip
DETAIL = {"direction": "inbound", "to": ["taro@example.co.jp"], **journal_fields(SUMMARY, (), True)}


def test_a_mail_is_found_by_sender_subject_links_files_and_by_whom_it_warned() -> None:
    assert set(traits_of(DETAIL)) == {
        Trait("address", "bank@evil.example"), Trait("domain", "evil.example"), Trait("subject", "請求書 0"),
        Trait("message_id", "<1@evil.example>"), Trait("host", "login.evil.example"), Trait("above", "evil.example"), Trait("file", "ab" * 32),
        Trait("warned", "taro@example.co.jp"),
    }  # fmt: skip


def test_what_is_empty_is_no_trait_and_our_own_mail_has_none() -> None:
    assert traits_of({"direction": "inbound", "author": "", "subject": "", "to": ["a@b.example"]}) == []
    assert traits_of({**DETAIL, "direction": "outbound"}) == []
    assert traits_of({}) == []
    assert traits_of({"direction": "inbound", "hosts": "nonsense", "to": None, "warned": True}) == []


def test_the_same_trait_of_another_tenant_or_kind_is_another() -> None:
    numbers = {trace(t, Trait(k, "x")) for t in ("a", "b") for k in ("host", "domain")}
    assert len(numbers) == 4
    assert all(-(2**63) <= n < 2**63 for n in numbers)
    assert trace("a\ud800", Trait("host", "\ud800")) == trace("a\ud800", Trait("host", "\ud800"))


def test_only_arrivals_are_sighted() -> None:
    entries = [
        Entry(5.0, event, "n", "", "m1", detail=DETAIL) for event in ("pass", "accept", "refuse", "look")
    ]
    rows = rows_of(entries)
    assert len(rows) == 2 * len(traits_of(DETAIL))
    assert {(r["at"], r["mail_id"]) for r in rows} == {(5.0, "m1")}
    assert rows_of([Entry(5.0, "pass", "n", detail=DETAIL)]) == []


def test_what_the_journal_keeps_is_bounded_and_its_reasons_are_the_heaviest() -> None:
    findings = tuple(
        Finding(f"r{n}", "", weight=n, values={"a": "x" * 9000, **{str(i): "y" for i in range(99)}})
        for n in range(50)
    )
    summary = Summary("s" * 300, hosts=("h",) * 500, files=("f",) * 500, attachments=("n" * 9000,) * 500)
    kept = journal_fields(summary, findings, False)
    assert [name for name, _ in kept["why"]] == [f"r{n}" for n in range(49, 49 - REASONS, -1)]
    assert all(len(v) <= 200 for _, values in kept["why"] for v in values.values())
    assert len(kept["hosts"]) == len(kept["files"]) == TRACES
    assert sum(map(len, kept["attachments"])) <= 2000


def test_what_is_above_a_host_ends_with_the_organisation() -> None:
    detail = {**DETAIL, "hosts": ["a.b.evil.co.jp", "evil.co.jp", "203.0.113.7", "x.web.app"]}
    assert {t.value for t in traits_of(detail) if t.kind == "above"} == {"b.evil.co.jp", "evil.co.jp"}
